#include "tandem/label/labelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "tandem/core/atomic_file.h"
#include "tandem/record/provenance.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

fs::path record_path(const fs::path& store) {
  fs::path path = store;
  return path += ".json";
}

}  // namespace

Labelling::Labelling(const LabelConfig& config, const Splits& splits,
                     std::shared_ptr<Teacher> teacher, const fs::path& store)
    : store_(store),
      teacher_(std::move(teacher)),
      description_(describe_store(config, splits.train, *teacher_)),
      builder_(description_, splits.train, splits.train_indices, config.target.pca, store) {}

void Labelling::run(const OnProgress& progress, std::stop_token stop, const std::string& command) {
  if (builder_.must_prepare()) {
    builder_.prepare(*teacher_, {}, stop);
  }
  const std::int64_t views = builder_.shard_count() * builder_.views_per_shard();
  for (std::int64_t shard = 0; shard < builder_.shard_count(); ++shard) {
    const std::int64_t before = shard * builder_.views_per_shard();
    if (!builder_.has_shard(shard)) {
      const OnProgress in_shard = [&](const Progress& done) {
        if (progress) {
          progress({std::min(before + done.done, views), views, ""});
        }
      };
      builder_.label_shard(*teacher_, shard, in_shard, stop);
    }
  }
  finish(command);
}

void Labelling::finish(const std::string& command) {
  builder_.merge([&](double teacher_s) {
    const Provenance provenance = current_provenance(1, command);
    const nlohmann::ordered_json record = {
        {"teacher_s", teacher_s},      {"targets", description_.keys()},
        {"command", command},          {"tandem_version", provenance.tandem_version},
        {"commit", provenance.commit}, {"torch_version", provenance.torch_version},
        {"cpu", provenance.cpu},       {"finished_utc", provenance.started_utc}};
    write_file_atomically(record_path(store_), record.dump(2) + "\n");
  });
}

void copy_label_record(const fs::path& store, const fs::path& other) {
  if (fs::exists(record_path(store))) {
    write_file_atomically(record_path(other), read_file(record_path(store)));
  } else {
    fs::remove(record_path(other));
  }
}

double labelling_seconds(const fs::path& store) {
  const fs::path path = record_path(store);
  if (!fs::exists(path)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  try {
    return nlohmann::json::parse(read_file(path)).at("teacher_s").get<double>();
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(
        fmt::format("{}: not a record of labelling: {}", path.string(), error.what()));
  }
}

}  // namespace tandem
