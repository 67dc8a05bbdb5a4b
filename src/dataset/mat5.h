#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

/// A real, dense array of a MATLAB file.
struct MatArray {
  std::vector<std::int64_t> shape;  ///< two sizes at least, all positive
  torch::Tensor values;             ///< uint8 or fp64 [numel], the first index runs fastest
};

/// A MATLAB 5 file as little-endian machines write it, its arrays compressed or not (MathWorks,
/// "MAT-File Format", chapter 1). All methods throw std::runtime_error with path, expected and
/// found.
class MatFile {
 public:
  /// Throws for a file of another version, and std::system_error for one that cannot be read.
  explicit MatFile(std::filesystem::path path);

  /// The variable `name`, of class uint8 or double. Throws where there is none, for another class
  /// and for a truncated or damaged file; nothing larger than the file warrants is allocated.
  MatArray read(std::string_view name) const;

  [[noreturn]] void fail(const std::string& expected, const std::string& found) const;

 private:
  std::filesystem::path path_;
  std::string content_;
};

}  // namespace tandem
