#pragma once

#include <torch/types.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tandem/core/mapped_file.h"
#include "tandem/core/safetensors.h"
#include "tandem/target/decoder.h"
#include "tandem/target/store_description.h"
#include "tandem/target/target_keys.h"
#include "tandem/target/target_rows.h"

namespace tandem {

/// Tables of a store whose features were reduced to principal components.
inline constexpr const char* kPcaBasis = "pca_basis";
inline constexpr const char* kPcaMean = "pca_mean";

/// Targets in a file, read-only and memory-mapped: opening costs the header and the small tables,
/// reading touches only the rows asked for. Each block of rows is checked against its checksum when
/// it is first touched. Several threads may read at once.
class TargetStore : public TargetRows {
 public:
  /// Throws std::runtime_error that names the path and what is wrong: a file that is not a store,
  /// metadata that is damaged, tensors that do not fit it.
  explicit TargetStore(const std::filesystem::path& path);

  const StoreDescription& description() const { return description_; }

  /// The function from views to rows.
  TargetKeys keys() const;

  /// Index of each sample within the training split that the store was labelled on.
  const std::vector<std::int64_t>& samples() const { return samples_; }

  /// fp32 [rows, width]. Throws std::invalid_argument for a row that is not there, and
  /// std::runtime_error for a block whose bytes are not those that were written.
  torch::Tensor read(std::span<const std::int64_t> rows) const override;
  std::int64_t count() const override { return description_.keys(); }
  std::int64_t width() const override { return description_.width; }

  /// Checks every block now.
  void verify() const;

  /// The tensors beside the rows, by name: samples, clusters, principal components.
  std::map<std::string, torch::Tensor> tables() const;

  /// Whether its features are principal components.
  bool is_reduced() const { return tables().contains(kPcaBasis); }

  std::int64_t file_size() const { return std::ssize(file_.bytes()); }

  /// Identifies the store's content: what the targets are and whose, not what people call them.
  Fingerprint fingerprint() const;

 private:
  const std::byte* tensor(const std::string& name, torch::Dtype dtype,
                          const std::vector<std::int64_t>& shape) const;
  std::vector<std::int64_t> indices(const std::string& name, std::int64_t count) const;
  std::vector<TensorEntry> table_entries() const;
  std::span<const std::byte> bytes_of(const TensorEntry& entry) const;
  void check_names() const;
  void check_tables() const;
  void check_block(std::int64_t block) const;
  [[noreturn]] void refuse(const std::string& why) const;

  std::filesystem::path path_;
  MappedFile file_;
  SafetensorsHeader header_;
  StoreDescription description_;
  std::vector<RowTensor> row_tensors_;
  std::vector<const std::byte*> row_data_;
  std::vector<std::int64_t> samples_;
  std::vector<std::int64_t> clusters_;
  std::vector<std::int64_t> checksums_;
  std::optional<Decoder> decoder_;
  std::unique_ptr<std::atomic<bool>[]> checked_;
};

}  // namespace tandem
