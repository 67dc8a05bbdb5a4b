#include "tandem/study/job_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "tandem/core/safetensors.h"
#include "tandem/study/describe.h"
#include "tandem/target/teacher_file.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr const char* kValues = "values";
constexpr const char* kTeacherSeconds = "tandem.teacher_s";

TargetTable read_table(const fs::path& path) {
  const TensorFile file = read_safetensors(path);
  const auto values = file.tensors.find(kValues);
  const auto seconds = file.metadata.find(kTeacherSeconds);
  if (values == file.tensors.end() || seconds == file.metadata.end()) {
    throw std::runtime_error(fmt::format("{}: not a table of targets", path.string()));
  }
  double teacher_s = 0;
  const char* end = seconds->second.data() + seconds->second.size();
  if (std::from_chars(seconds->second.data(), end, teacher_s).ptr != end) {
    throw std::runtime_error(
        fmt::format("{}: '{}' is not a number of seconds", path.string(), seconds->second));
  }
  return {values->second, teacher_s};
}

}  // namespace

JobRunner::JobRunner(StudyPlan plan, StudyFolder folder, std::string command)
    : plan_(std::move(plan)), folder_(std::move(folder)), command_(std::move(command)) {}

void JobRunner::run(const Job& job, FitObserver& observer, std::stop_token stop) {
  if (job.kind == JobKind::kTeach) {
    teach(observer, stop);
    return;
  }
  const PlannedTrial& planned = plan_.trials.at(job.index);
  if (job.kind == JobKind::kLabel) {
    label(planned, observer, stop);
  } else if (job.kind == JobKind::kTrial) {
    trial(planned, observer, stop);
  } else {
    test_trial(planned.config, test_split(planned.config.data), job.steps,
               folder_.trial(planned.id));
  }
}

void JobRunner::teach(FitObserver& observer, std::stop_token stop) {
  train_ladder(plan_.ladder, plan_.base.data, folder_.ladder(plan_), observer, stop);
}

void JobRunner::label(const PlannedTrial& planned, FitObserver& observer, std::stop_token stop) {
  const TrialConfig& config = planned.config;
  const fs::path path = folder_.table(plan_, planned).value();
  if (fs::exists(path)) {
    return;
  }
  at::set_num_threads(static_cast<int>(config.train.threads));
  const Dataset& dataset = splits(config.data).train;
  // The fused views are not training views, and one table serves all seeds.
  const auto seed = static_cast<std::uint64_t>(std::max<std::int64_t>(config.views.seed, 0));
  const TargetTable table = label_dataset(
      *teacher(config), dataset, ViewPolicy::parse(config.views.policy), config.target, seed,
      [&](std::int64_t samples) { observer.on_step(samples, dataset.size()); }, stop);
  write_safetensors(path, {.tensors = {{kValues, table.values}},
                           .metadata = {{"tandem.format", "target-table-1"},
                                        {"tandem.target", config_text(config.target)},
                                        {"tandem.dataset", dataset.fingerprint().hex()},
                                        {"tandem.teacher", teacher(config)->fingerprint().hex()},
                                        {kTeacherSeconds, fmt::format("{}", table.teacher_s)}}});
}

void JobRunner::trial(const PlannedTrial& planned, FitObserver& observer, std::stop_token stop) {
  const fs::path path = folder_.trial(planned.id);
  if (fs::exists(path)) {
    return;
  }
  const TrialConfig& config = planned.config;
  const Provenance provenance = current_provenance(config.train.threads, command_);
  const auto complete = [&](TrialRecord& record) {
    record.id = planned.id;
    record.cell = plan_.cells[planned.cell].record.name;
    record.provenance = provenance;
  };
  run_trial(config, splits(config.data), mapping(planned), plan_.config.budgets, path, complete,
            observer, stop);
}

ReadyMapping JobRunner::mapping(const PlannedTrial& planned) {
  const TrialConfig& config = planned.config;
  const TargetConfig& target = config.target;
  const Granularity granularity = parse_granularity(target.granularity);
  const Content content = parse_content(target.content);
  const Dataset& dataset = splits(config.data).train;
  if (granularity == Granularity::kView) {
    return {std::make_unique<OnlineMapping>(content, teacher(config), target.temperature), 0};
  }
  TargetTable table;
  if (const auto path = folder_.table(plan_, planned)) {
    auto found = tables_.find(path->string());
    if (found == tables_.end()) {
      found = tables_.emplace(path->string(), read_table(*path)).first;
    }
    table = found->second;
  } else {
    table = {class_table(dataset.class_count(), target.smoothing), 0};
  }
  const std::int64_t keys =
      granularity == Granularity::kClass ? dataset.class_count() : dataset.size();
  if (table.values.size(0) != keys) {
    throw std::runtime_error(fmt::format("table of targets has {} rows, the {} mapping needs {}",
                                         table.values.size(0), target.granularity, keys));
  }
  if (target.shuffle) {
    table.values = shuffle_rows(table.values, static_cast<std::uint64_t>(config.seed));
  }
  return {std::make_unique<TableMapping>(granularity, content, table.values, target.temperature),
          table.teacher_s};
}

std::shared_ptr<Teacher> JobRunner::teacher(const TrialConfig& config) {
  const fs::path path = folder_.teacher(plan_, config.target.teacher);
  std::shared_ptr<Teacher>& known = teachers_[path.string()];
  if (known == nullptr) {
    const Dataset& dataset = splits(config.data).train;
    const auto loaded = load_teacher(path, dataset.image_shape(), dataset.class_count(),
                                     parse_device(config.train.device));
    const auto trained_on = loaded->trained_on();
    if (trained_on && *trained_on != split_text(config.data)) {
      throw std::runtime_error(fmt::format(
          "{}: this teacher has learnt from {}, the student's data is {}: it may have seen the "
          "student's validation samples; give both the same data.validation and data.seed",
          path.string(), *trained_on, split_text(config.data)));
    }
    known = loaded;
  }
  return known;
}

const Splits& JobRunner::splits(const DataConfig& config) {
  const std::string key = config_text(config);
  auto found = splits_.find(key);
  if (found == splits_.end()) {
    found = splits_.emplace(key, load_splits(config)).first;
  }
  return found->second;
}

const Dataset& JobRunner::test_split(const DataConfig& config) {
  const std::string key = config_text(config);
  auto found = test_splits_.find(key);
  if (found == test_splits_.end()) {
    found = test_splits_.emplace(key, load_test_split(config)).first;
  }
  return found->second;
}

}  // namespace tandem
