#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>

namespace tandem {

/// Label bytes, uint8 [n], as class ids, int64 [n]. Throws std::runtime_error that names `path` and
/// the record where one is not in 0..classes-1.
torch::Tensor class_ids(const torch::Tensor& bytes, std::int64_t classes,
                        const std::filesystem::path& path);

}  // namespace tandem
