#include "tandem/target/store_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <stdexcept>

#include "class_features.h"
#include "cluster.h"
#include "pca.h"
#include "tandem/core/checksum.h"
#include "tandem/core/folder_entries.h"
#include "tandem/core/parameter_text.h"
#include "tandem/core/safetensors.h"
#include "tandem/core/tensor_bytes.h"
#include "tandem/target/store_writer.h"
#include "tandem/target/target_store.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// Small enough that little is lost when labelling is killed, large enough that files do not count.
constexpr std::int64_t kViewsPerShard = 4096;
constexpr std::int64_t kMostShards = 1024;

constexpr const char* kIdentity = "tandem.store";
constexpr const char* kTeacherSeconds = "tandem.teacher_s";
constexpr const char* kPlace = "tandem.part";
constexpr const char* kPartChecksum = "tandem.crc32";

using Clock = std::chrono::steady_clock;

std::int64_t views_in_all(const StoreDescription& description) {
  const std::int64_t fused = description.fusion ? description.fusion->views : 0;
  return description.samples * std::max<std::int64_t>({fused, description.epochs, 1});
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double number_of(const std::string& text, const fs::path& path) {
  const std::optional<double> number = parse_number<double>(text);
  if (!number) {
    throw std::runtime_error(fmt::format("{}: not a part of a store", path.string()));
  }
  return *number;
}

/// Of all that a part holds but the checksum itself.
std::string checksum_of(const TensorFile& part) {
  Crc32 checksum;
  for (const auto& [key, value] : part.metadata) {
    if (key != kPartChecksum) {
      checksum.text(key).text(value);
    }
  }
  for (const auto& [name, tensor] : part.tensors) {
    checksum.text(name);
    checksum.bytes(bytes_of(tensor));
  }
  return checksum.hex();
}

/// Writes a part, whose tensors are contiguous, with what read_part checks.
void write_part(const fs::path& path, const std::string& identity, double teacher_s,
                TensorFile part) {
  part.metadata = {{kIdentity, identity},
                   {kPlace, path.filename().string()},
                   {kTeacherSeconds, fmt::format("{}", teacher_s)}};
  part.metadata[kPartChecksum] = checksum_of(part);
  write_safetensors(path, part);
}

/// Maps a part without looking at its tensors' bytes.
TensorFile open_part(const fs::path& path, const std::string& identity) {
  TensorFile part = map_safetensors(path);
  if (part.metadata[kIdentity] != identity) {
    throw std::runtime_error(
        fmt::format("{}: a part of another labelling (other data, teacher, views or settings); "
                    "finish that one, delete the folder, or choose another --out",
                    path.string()));
  }
  return part;
}

TensorFile read_part(const fs::path& path, const std::string& identity) {
  TensorFile part = open_part(path, identity);
  if (part.metadata[kPlace] != path.filename() ||
      part.metadata[kPartChecksum] != checksum_of(part)) {
    throw std::runtime_error(
        fmt::format("{}: not what was written there; delete it and label again", path.string()));
  }
  return part;
}

}  // namespace

StoreBuilder::StoreBuilder(StoreDescription description, Dataset dataset,
                           std::vector<std::int64_t> samples, std::int64_t components,
                           fs::path store)
    : description_(std::move(description)),
      dataset_(std::move(dataset)),
      samples_(std::move(samples)),
      components_(components),
      store_(std::move(store)),
      rows_per_shard_(1) {
  const std::int64_t keys = description_.keys();
  const std::int64_t views = views_in_all(description_);
  const std::int64_t wanted = std::max(kViewsPerShard, views / kMostShards);
  rows_per_shard_ = std::clamp<std::int64_t>(wanted * keys / views, 1, keys);
  if (fs::exists(parts_folder(store_))) {
    for (const fs::path& part : entries_in(parts_folder(store_))) {
      if (part.extension() == ".safetensors") {
        open_part(part, store_identity(description_, components_).hex());
      }
    }
  }
}

Fingerprint store_identity(const StoreDescription& description, std::int64_t components) {
  Fingerprinter fingerprinter;
  for (const auto& [key, value] : to_metadata(description, "")) {
    if (!is_for_people(key)) {
      fingerprinter.text(key).text(value);
    }
  }
  return fingerprinter.number(components).digest();
}

fs::path parts_folder(const fs::path& store) {
  fs::path folder = store;
  return folder += ".parts";
}

fs::path StoreBuilder::shard_path(std::int64_t shard) const {
  return parts_folder(store_) / fmt::format("shard-{:05}.safetensors", shard);
}

fs::path StoreBuilder::tables_path() const {
  return parts_folder(store_) / "tables.safetensors";
}

bool StoreBuilder::needs_tables() const {
  return components_ > 0 || description_.granularity.has_table();
}

bool StoreBuilder::must_prepare() const {
  return needs_tables() && !fs::exists(tables_path());
}

std::int64_t StoreBuilder::shard_count() const {
  return (description_.keys() + rows_per_shard_ - 1) / rows_per_shard_;
}

bool StoreBuilder::has_shard(std::int64_t shard) const {
  return fs::exists(shard_path(shard));
}

std::int64_t StoreBuilder::views_per_shard() const {
  return std::max<std::int64_t>(views_in_all(description_) / shard_count(), 1);
}

void StoreBuilder::prepare(Teacher& teacher, const OnProgress& progress, std::stop_token stop) {
  const auto begin = Clock::now();
  const std::int64_t per_class = description_.granularity.count;
  const bool clusters = description_.granularity.has_table();
  PrincipalComponents components;
  torch::Tensor row_of_sample = torch::zeros({dataset_.size()}, torch::kInt64);
  std::vector<torch::Tensor> features;  // of the class in hand, where it is divided
  const auto take = [&](const torch::Tensor& some) {
    if (components_ > 0) {
      components.add(some);
    }
    if (clusters) {
      features.push_back(some);
    }
  };
  const auto divide = [&](std::int64_t label, const torch::Tensor& members) {
    if (members.numel() < per_class) {
      throw std::invalid_argument(
          fmt::format("target.granularity = '{}': class '{}' has {} samples only",
                      description_.granularity.text(),
                      dataset_.class_names()[static_cast<std::size_t>(label)], members.numel()));
    }
    const Key key{description_.view_seed, Stream::kCluster, 0, static_cast<std::uint32_t>(label)};
    const std::vector<std::int64_t> found = k_means(torch::cat(features), per_class, key);
    row_of_sample.index_put_({members}, torch::tensor(found, torch::kInt64) + label * per_class);
    features.clear();
  };
  ClassFeaturesVisitor visitor{.on_features = take, .on_class = {}};
  if (clusters) {
    visitor.on_class = divide;
  }
  visit_class_features(teacher, dataset_, visitor, progress, std::move(stop));
  TensorFile tables;
  if (clusters) {
    tables.tensors["clusters"] = row_of_sample;
  }
  if (components_ > 0) {
    const Projection projection = components.projection(components_);
    tables.tensors[kPcaMean] = projection.mean;
    tables.tensors[kPcaBasis] = projection.basis;
  }
  write_part(tables_path(), store_identity(description_, components_).hex(), seconds_since(begin),
             tables);
}

void StoreBuilder::load_tables() {
  if (views_) {
    return;
  }
  if (needs_tables()) {
    const TensorFile tables =
        read_part(tables_path(), store_identity(description_, components_).hex());
    if (const auto clusters = tables.tensors.find("clusters"); clusters != tables.tensors.end()) {
      const std::int64_t* row = clusters->second.data_ptr<std::int64_t>();
      clusters_.assign(row, row + clusters->second.numel());
    }
    if (const auto mean = tables.tensors.find(kPcaMean); mean != tables.tensors.end()) {
      projection_ = Projection{mean->second, tables.tensors.at(kPcaBasis)};
    }
  }
  views_.emplace(description_, dataset_, clusters_);
}

void StoreBuilder::label_shard(Teacher& teacher, std::int64_t shard, const OnProgress& progress,
                               std::stop_token stop) {
  load_tables();
  const auto begin = Clock::now();
  const std::int64_t first = shard * rows_per_shard_;
  const RowRange rows{first, std::min(first + rows_per_shard_, description_.keys())};
  const torch::Tensor values =
      label_rows(teacher, dataset_, description_, *views_, projection_, rows, progress, stop);
  const double teacher_s = seconds_since(begin);
  const auto tensors = row_tensors(description_.encoding, description_.content, description_.width);
  const auto encoded = encode(description_.encoding, description_.content, values);
  TensorFile file;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    file.tensors[tensors[t].name] = encoded[t];
  }
  write_part(shard_path(shard), store_identity(description_, components_).hex(), teacher_s, file);
}

void StoreBuilder::merge(const std::function<void(double)>& record) {
  load_tables();
  const std::string identity = store_identity(description_, components_).hex();
  double teacher_s = 0;
  const auto take = [&](const fs::path& path) {
    TensorFile part = read_part(path, identity);
    teacher_s += number_of(part.metadata[kTeacherSeconds], path);
    return part;
  };
  std::map<std::string, torch::Tensor> tables{{"samples", torch::tensor(samples_, torch::kInt64)}};
  if (needs_tables()) {
    tables.merge(take(tables_path()).tensors);
  }
  const auto tensors = row_tensors(description_.encoding, description_.content, description_.width);
  std::vector<EncodedRows> parts;
  for (std::int64_t shard = 0; shard < shard_count(); ++shard) {
    const TensorFile part = take(shard_path(shard));
    EncodedRows& rows = parts.emplace_back();
    for (const RowTensor& tensor : tensors) {
      const auto found = part.tensors.find(tensor.name);
      if (found == part.tensors.end()) {
        throw std::runtime_error(fmt::format("{}: no rows '{}'; delete it and label again",
                                             shard_path(shard).string(), tensor.name));
      }
      rows.push_back(found->second);
    }
  }
  if (record) {
    record(teacher_s);
  }
  write_store(store_, description_, std::move(tables), parts);
  fs::remove_all(parts_folder(store_));
}

}  // namespace tandem
