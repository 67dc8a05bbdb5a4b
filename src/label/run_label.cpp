#include "tandem/label/run_label.h"

#include <fmt/format.h>

#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_lock.h"
#include "tandem/jobs/serve_jobs.h"
#include "tandem/jobs/worker_pool.h"
#include "tandem/label/judge_teacher.h"
#include "tandem/label/labelling.h"
#include "tandem/label/open_teacher.h"
#include "tandem/learn/learner.h"
#include "tandem/target/target_store.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPrepare = "prepare";
constexpr const char* kShard = "shard";

// What is told of progress.
constexpr const char* kPreparing = "clusters, principal components";
constexpr const char* kLabelling = "targets";

fs::path config_path(const fs::path& store) {
  return parts_folder(store) / "label.toml";
}

Labelling open_labelling(const LabelConfig& config, const Splits& splits, const fs::path& store) {
  const TeacherRef teacher = resolve_mapping(config.target).teacher;
  return Labelling(
      config, splits,
      open_teacher(teacher, config.data, splits.train, parse_device(config.device, "device")),
      store);
}

/// Whether the store is there. Throws std::invalid_argument where it is another one.
bool is_there(const fs::path& store, const StoreDescription& wanted, std::int64_t components) {
  if (!fs::exists(store)) {
    return false;
  }
  const TargetStore present(store);
  const auto found = to_metadata(present.description(), "");
  for (const auto& [key, value] : to_metadata(wanted, "")) {
    const bool is_checksum = key.ends_with("crc32");
    if (!is_checksum && found.at(key) != value) {
      throw std::invalid_argument(fmt::format(
          "{} holds another labelling: {} is '{}', wanted is '{}'; choose another --out "
          "or delete it",
          store.string(), key, found.at(key), value));
    }
  }
  // As many components as features are a rotation that the width does not show.
  if (present.is_reduced() != (components > 0)) {
    throw std::invalid_argument(fmt::format(
        "{} holds another labelling: its features are {}reduced to principal components; choose "
        "another --out or delete it",
        store.string(), components > 0 ? "not " : ""));
  }
  return true;
}

std::vector<PooledJob> shard_jobs(const StoreBuilder& builder) {
  std::vector<PooledJob> jobs;
  for (std::int64_t shard = 0; shard < builder.shard_count(); ++shard) {
    if (!builder.has_shard(shard)) {
      jobs.push_back({fmt::format("{} {}", kShard, shard),
                      fmt::format("shard {} of {}", shard + 1, builder.shard_count())});
    }
  }
  return jobs;
}

}  // namespace

bool run_label(const LabelConfig& config, const fs::path& store, const LabelOptions& options,
               const OnProgress& progress, std::stop_token stop) {
  const Splits splits = load_splits(config.data);
  Labelling labelling = open_labelling(config, splits, store);
  const std::int64_t targets = labelling.description().keys();
  if (is_there(store, labelling.description(), config.target.pca)) {
    fs::remove_all(parts_folder(store));
    return false;
  }
  for (const std::string& sentence :
       judge_teacher(labelling.teacher(), config.target.teacher, splits.validation)) {
    if (options.on_note) {
      options.on_note(sentence);
    }
  }
  const FolderLock lock(parts_folder(store));
  write_file_atomically(config_path(store), config_text(config));
  WorkerPool pool(options.worker_command, options.workers);
  // Of a store every part is needed: what fails ends it at once, and what is done stays.
  const auto tell = [&](const PoolProgress& done, double share, const char* what) {
    check_none_failed(done.failed);
    progress({static_cast<std::int64_t>(share * static_cast<double>(targets)), targets, what});
  };
  StoreBuilder& builder = labelling.builder();
  if (builder.must_prepare()) {
    pool.run(
        {{kPrepare, kPreparing}},
        [&](const PoolProgress& done) { tell(done, done.share, kPreparing); }, stop);
  }
  const std::vector<PooledJob> jobs = shard_jobs(builder);
  const double before =
      1 - static_cast<double>(jobs.size()) / static_cast<double>(builder.shard_count());
  pool.run(
      jobs,
      [&](const PoolProgress& done) { tell(done, before + (1 - before) * done.share, kLabelling); },
      stop);
  labelling.finish(options.command);
  return true;
}

void serve_label_jobs(const fs::path& store, std::stop_token stop) {
  std::optional<Labelling> labelling;  // opened by the first job, so that failing is its answer
  const auto do_job = [&](const std::string& line, const OnProgress& progress,
                          std::stop_token token) {
    if (!labelling) {
      LabelConfig config;
      ConfigTable::from_file(config_path(store)).read_into(config);
      at::set_num_threads(static_cast<int>(config.threads));
      labelling.emplace(open_labelling(config, load_splits(config.data), store));
    }
    StoreBuilder& builder = labelling->builder();
    std::istringstream words(line);
    std::string kind;
    std::int64_t shard = 0;
    words >> kind;
    if (kind == kPrepare) {
      builder.prepare(labelling->teacher(), progress, token);
    } else if (kind == kShard && words >> shard) {
      const std::int64_t views = builder.views_per_shard();
      builder.label_shard(
          labelling->teacher(), shard,
          [&](const Progress& labelled) {
            progress({std::min(labelled.done, views), views, ""});
          },
          token);
    } else {
      throw std::invalid_argument(fmt::format("not a job of labelling: '{}'", line));
    }
  };
  serve_jobs(do_job, std::cin, std::cout, stop);
}

}  // namespace tandem
