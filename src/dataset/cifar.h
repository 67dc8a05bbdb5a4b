#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// Which label bytes stand before each 3072-byte image.
enum class CifarKind {
  kCifar10,   ///< one label byte
  kCifar100,  ///< coarse label, then fine label; the fine one is used
};

/// Reads CIFAR binary batches (https://www.cs.toronto.edu/~kriz/cifar.html) in the given order.
/// Throws std::runtime_error with path, expected and found for a size that is no multiple of a
/// record, an empty file, or a label outside the classes.
Dataset read_cifar(std::string name, CifarKind kind,
                   const std::vector<std::filesystem::path>& batches,
                   std::vector<std::string> class_names);

}  // namespace tandem
