#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// Reads a file of cropped digits of SVHN (http://ufldl.stanford.edu/housenumbers/), format 2: a
/// MATLAB 5 file with X, uint8 [32, 32, 3, n], and y [n, 1] in 1..10, where 10 stands for the digit
/// 0; the label is the digit. Throws std::runtime_error with path, expected and found for anything
/// else; nothing larger than the file warrants is allocated.
Dataset read_svhn(std::string name, const std::filesystem::path& path,
                  std::vector<std::string> class_names);

}  // namespace tandem
