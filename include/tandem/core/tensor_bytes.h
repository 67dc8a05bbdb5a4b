#pragma once

#include <torch/types.h>

#include <cstddef>
#include <span>

namespace tandem {

/// The bytes of a tensor's elements in their order, valid as long as its memory: for checksums,
/// fingerprints and files. Throws std::invalid_argument unless it is contiguous and on the CPU.
std::span<const std::byte> bytes_of(const torch::Tensor& contiguous);

}  // namespace tandem
