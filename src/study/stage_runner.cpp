#include "stage_runner.h"

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "tandem/jobs/run_here.h"

namespace tandem {
namespace {

constexpr std::uintmax_t kFullBelow = std::uintmax_t{1} << 20;  // bytes

bool is_full(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  return !error && space.available < kFullBelow;
}

}  // namespace

StageRunner::StageRunner(const StudyOptions& options, const StudyFolder& folder, DataCache& data,
                         StudyObserver& observer, std::stop_token stop)
    : folder_(folder), observer_(observer), stop_(std::move(stop)), here_(data) {
  if (!options.worker_command.empty()) {
    pool_.emplace(options.worker_command, options.workers);
  }
}

std::vector<FailureRecord> StageRunner::run(const Stage& stage) {
  std::vector<FailureRecord> failures;
  if (stage.jobs.empty() && stage.skipped == 0) {
    return failures;
  }
  observer_.on_stage(stage.name, stage.jobs.size(), stage.skipped);
  if (!stage.jobs.empty()) {
    for (const FailedJob& failed : run_jobs(stage.jobs)) {
      failures.push_back({stage.name, failed.title, failed.reason});
    }
  }
  observer_.on_stage_end(failures.size());
  return failures;
}

std::vector<FailedJob> StageRunner::run_jobs(const std::vector<PooledJob>& jobs) {
  const auto tell = [&](const PoolProgress& progress) {
    if (!progress.failed.empty() && is_full(folder_.root())) {
      check_none_failed(progress.failed);
    }
    observer_.on_progress(progress);
  };
  if (pool_) {
    return pool_->run(jobs, tell, stop_);
  }
  const auto tell_of = [&](const Evaluation& look) { observer_.on_evaluation(look); };
  return run_here(jobs, jobs_of(here_, tell_of), tell, stop_);
}

}  // namespace tandem
