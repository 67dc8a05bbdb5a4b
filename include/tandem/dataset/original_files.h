#pragma once

#include <filesystem>
#include <string>

namespace tandem {

/// The name under which an original file of a data set lies in `folder`; empty where it does not.
/// It may be gzipped (its name + ".gz", which is taken where both are there), and an idx file may
/// be called as many programs unpack it, with a dot: train-images.idx3-ubyte.
std::string find_original(const std::filesystem::path& folder, const std::string& file);

}  // namespace tandem
