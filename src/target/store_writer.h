#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tandem/core/mapped_file.h"
#include "tandem/core/safetensors.h"
#include "tandem/target/store_description.h"

namespace tandem {

/// Rows of a store in a file of their own, mapped.
class StorePart {
 public:
  /// Throws std::runtime_error that names the path.
  explicit StorePart(const std::filesystem::path& path);

  /// Metadata under `key`, empty if there is none.
  std::string note(const std::string& key) const;

  /// All bytes of a row tensor. Throws std::runtime_error where dtype or columns are others.
  std::span<const std::byte> rows(const RowTensor& tensor) const;

 private:
  std::filesystem::path path_;
  std::unique_ptr<MappedFile> file_;
  SafetensorsHeader header_;
};

/// Writes the store that `parts` make, one after the other, with `tables` beside the rows; the
/// checksums are added here. Throws std::runtime_error where the parts have too few or too many
/// rows.
void write_store(const std::filesystem::path& path, const StoreDescription& description,
                 std::map<std::string, torch::Tensor> tables, const std::vector<StorePart>& parts);

}  // namespace tandem
