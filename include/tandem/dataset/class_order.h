#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tandem {

/// Compares class names in the order of their ids with a text file that lists them, one a line
/// (empty lines aside). Class ids that mean something else than their names say do not show in
/// training, only in whatever is said of the classes afterwards. Throws std::runtime_error that
/// names the file, the first class that differs and both names.
void check_class_order(const std::vector<std::string>& class_names,
                       const std::filesystem::path& file);

}  // namespace tandem
