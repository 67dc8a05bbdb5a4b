#pragma once

#include <torch/types.h>

#include <filesystem>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// Reads an idx file of unsigned bytes (MNIST's format, http://yann.lecun.com/exdb/mnist/), gzipped
/// or not: a uint8 tensor of the shape that the header states. Throws std::runtime_error with path,
/// expected and found for a wrong magic number, a wrong type, a truncated or overlong file and
/// broken gzip data; nothing larger than the file warrants is allocated.
torch::Tensor read_idx(const std::filesystem::path& path);

/// Images (idx3) and labels (idx1) as one grey-scale data set.
Dataset read_idx_dataset(std::string name, const std::filesystem::path& images,
                         const std::filesystem::path& labels, std::vector<std::string> class_names);

}  // namespace tandem
