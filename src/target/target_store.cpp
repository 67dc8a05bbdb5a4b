#include "tandem/target/target_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "tandem/core/checksum.h"

namespace tandem {
namespace {

constexpr const char* kChecksums = "checksums";
constexpr const char* kClusters = "clusters";
constexpr const char* kSamples = "samples";
constexpr const char* kTopKClasses = "classes";

std::string_view text_of_bytes(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::int64_t blocks_of(std::int64_t rows) {
  return (rows + kBlockRows - 1) / kBlockRows;
}

/// Whether each row of a block of top-k classes names distinct ones below `width`.
bool good_classes(std::int64_t width, const RowTensor& tensor, std::span<const std::byte> bytes) {
  const bool wide = tensor.dtype == torch::kInt16;
  std::vector<std::int64_t> row_of_class(static_cast<std::size_t>(width), -1);
  const std::int64_t count = std::ssize(bytes) / (wide ? 2 : 1);
  for (std::int64_t place = 0; place < count; ++place) {
    std::int16_t c = 0;
    std::memcpy(&c, bytes.data() + (wide ? 2 * place : place), wide ? 2 : 1);
    if (c < 0 || c >= width) {
      return false;
    }
    std::int64_t& row = row_of_class[static_cast<std::size_t>(c)];
    if (std::exchange(row, place / tensor.columns) == place / tensor.columns) {
      return false;
    }
  }
  return true;
}

}  // namespace

TargetStore::TargetStore(const std::filesystem::path& path)
    : path_(path),
      file_(path),
      header_(parse_safetensors_header(text_of_bytes(file_.bytes()), file_.bytes().size(),
                                       path.string())),
      description_(description_of(header_.metadata, path.string())) {
  const StoreDescription& d = description_;
  const std::int64_t keys = d.keys();
  row_tensors_ = tandem::row_tensors(d.encoding, d.content, d.width);
  for (const RowTensor& row : row_tensors_) {
    row_data_.push_back(tensor(row.name, row.dtype, {keys, row.columns}));
  }
  check_names();
  check_tables();
  checksums_ = indices(kChecksums, blocks_of(keys));
  samples_ = indices(kSamples, d.samples);
  if (*std::min_element(samples_.begin(), samples_.end()) < 0) {
    refuse("'samples' should be places in a training split, has a negative number");
  }
  if (d.granularity.has_table()) {
    clusters_ = indices(kClusters, d.samples);
    const auto [lowest, highest] = std::minmax_element(clusters_.begin(), clusters_.end());
    if (*lowest < 0 || *highest >= keys) {
      refuse(fmt::format("'clusters' should name rows 0..{}, has {}..{}", keys - 1, *lowest,
                         *highest));
    }
  }
  decoder_.emplace(d.encoding, d.content, d.width, row_data_);
  checked_ = std::make_unique<std::atomic<bool>[]>(checksums_.size());
}

void TargetStore::refuse(const std::string& why) const {
  throw std::runtime_error(fmt::format("{}: not a good target store: {}", path_.string(), why));
}

const std::byte* TargetStore::tensor(const std::string& name, torch::Dtype dtype,
                                     const std::vector<std::int64_t>& shape) const {
  for (const TensorEntry& entry : header_.entries) {
    if (entry.name == name) {
      if (entry.dtype != dtype || entry.shape != shape) {
        refuse(fmt::format("tensor '{}' should be {} [{}], is {} [{}]", name,
                           torch::toString(dtype), fmt::join(shape, ", "),
                           torch::toString(entry.dtype), fmt::join(entry.shape, ", ")));
      }
      return bytes_of(entry).data();
    }
  }
  refuse(fmt::format("tensor '{}' is missing", name));
}

std::vector<std::int64_t> TargetStore::indices(const std::string& name, std::int64_t count) const {
  const std::byte* bytes = tensor(name, torch::kInt64, {count});
  std::vector<std::int64_t> values(static_cast<std::size_t>(count));
  std::memcpy(values.data(), bytes, values.size() * sizeof(std::int64_t));
  return values;
}

/// The tensors other than the rows, in the order of their names.
std::vector<TensorEntry> TargetStore::table_entries() const {
  std::vector<TensorEntry> tables;
  for (const TensorEntry& entry : header_.entries) {
    const bool is_row = std::any_of(row_tensors_.begin(), row_tensors_.end(),
                                    [&](const RowTensor& row) { return row.name == entry.name; });
    if (!is_row) {
      tables.push_back(entry);
    }
  }
  std::sort(tables.begin(), tables.end(),
            [](const TensorEntry& a, const TensorEntry& b) { return a.name < b.name; });
  return tables;
}

std::span<const std::byte> TargetStore::bytes_of(const TensorEntry& entry) const {
  return file_.bytes().subspan(header_.data_offset + entry.begin, entry.end - entry.begin);
}

std::map<std::string, torch::Tensor> TargetStore::tables() const {
  std::map<std::string, torch::Tensor> tables;
  for (const TensorEntry& entry : table_entries()) {
    if (entry.name != kChecksums) {
      torch::Tensor table = torch::empty(entry.shape, entry.dtype);
      const std::span<const std::byte> bytes = bytes_of(entry);
      std::copy(bytes.begin(), bytes.end(), static_cast<std::byte*>(table.data_ptr()));
      tables[entry.name] = table;
    }
  }
  return tables;
}

void TargetStore::check_names() const {
  for (const TensorEntry& table : table_entries()) {
    const bool clusters = description_.granularity.has_table();
    if (table.name == kPcaBasis || table.name == kPcaMean) {
      const auto features = table.shape.empty() ? 0 : table.shape.back();
      tensor(kPcaMean, torch::kFloat32, {features});
      tensor(kPcaBasis, torch::kFloat32, {description_.width, features});
    }
    const bool known = table.name == kChecksums || table.name == kSamples ||
                       (table.name == kClusters && clusters) ||
                       ((table.name == kPcaBasis || table.name == kPcaMean) &&
                        description_.content == Content::kFeatures);
    if (!known) {
      refuse(fmt::format("tensor '{}' does not belong in it", table.name));
    }
  }
}

void TargetStore::check_tables() const {
  Crc32 checksum;
  for (const TensorEntry& entry : table_entries()) {
    checksum.bytes(bytes_of(entry));
  }
  const auto expected = header_.metadata.find(kTablesChecksum);
  if (expected == header_.metadata.end() || expected->second != checksum.hex()) {
    refuse("its tables (checksums, samples, ...) are damaged");
  }
}

void TargetStore::check_block(std::int64_t block) const {
  const std::int64_t first = block * kBlockRows;
  const std::int64_t rows = std::min(kBlockRows, count() - first);
  Crc32 checksum;
  for (std::size_t t = 0; t < row_tensors_.size(); ++t) {
    const std::int64_t stride = row_tensors_[t].bytes_per_row();
    const std::span<const std::byte> bytes(row_data_[t] + first * stride,
                                           static_cast<std::size_t>(rows * stride));
    checksum.bytes(bytes);
    if (row_tensors_[t].name == kTopKClasses && !good_classes(width(), row_tensors_[t], bytes)) {
      refuse(fmt::format("rows {}..{} name a class twice, or one that does not exist", first,
                         first + rows - 1));
    }
  }
  if (checksum.digest() != checksums_[static_cast<std::size_t>(block)]) {
    refuse(fmt::format(
        "rows {}..{} are damaged: their checksum is {:08x}, written was {:08x}; "
        "label again",
        first, first + rows - 1, checksum.digest(), checksums_[static_cast<std::size_t>(block)]));
  }
  checked_[static_cast<std::size_t>(block)].store(true, std::memory_order_release);
}

TargetKeys TargetStore::keys() const {
  const StoreDescription& d = description_;
  return TargetKeys::of(d.granularity, d.extent(), clusters_);
}

torch::Tensor TargetStore::read(std::span<const std::int64_t> rows) const {
  const std::int64_t rows_there = count();
  for (const std::int64_t row : rows) {
    if (row < 0 || row >= rows_there) {
      throw std::invalid_argument(
          fmt::format("{}: expected a row in 0..{}, got {}", path_.string(), rows_there - 1, row));
    }
    const std::int64_t block = row / kBlockRows;
    if (!checked_[static_cast<std::size_t>(block)].load(std::memory_order_acquire)) {
      check_block(block);
    }
  }
  torch::Tensor targets = torch::empty({std::ssize(rows), width()}, torch::kFloat32);
  decoder_->gather(rows, targets.data_ptr<float>());
  return targets;
}

void TargetStore::verify() const {
  for (std::int64_t block = 0; block < std::ssize(checksums_); ++block) {
    check_block(block);
  }
}

Fingerprint TargetStore::fingerprint() const {
  Fingerprinter fingerprinter;  // the metadata holds the checksum of the checksums
  for (const auto& [key, value] : header_.metadata) {
    if (!is_for_people(key)) {
      fingerprinter.text(key).text(value);
    }
  }
  return fingerprinter.digest();
}

}  // namespace tandem
