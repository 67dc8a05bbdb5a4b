#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tandem/target/store_description.h"

namespace tandem {

/// Some rows of a store: one tensor for each of row_tensors(), in their order, as encode() gives.
using EncodedRows = std::vector<torch::Tensor>;

/// Writes the store that `parts` make, one after the other, atomically. `tables` are the tensors
/// beside the rows ("samples" int64 [samples], and what else the granularity and the content need);
/// the checksums are added here. Parts may be mapped files (map_safetensors), so that the store
/// need not fit into memory. Throws std::runtime_error where the parts have other columns, or too
/// few or too many rows.
void write_store(const std::filesystem::path& path, const StoreDescription& description,
                 std::map<std::string, torch::Tensor> tables,
                 const std::vector<EncodedRows>& parts);

}  // namespace tandem
