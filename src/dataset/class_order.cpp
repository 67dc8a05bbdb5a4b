#include "tandem/dataset/class_order.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "tandem/core/atomic_file.h"

namespace tandem {

void check_class_order(const std::vector<std::string>& class_names,
                       const std::filesystem::path& file) {
  std::istringstream lines(read_file(file));
  std::vector<std::string> listed;
  for (std::string line; std::getline(lines, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) {
      listed.push_back(line);
    }
  }
  if (listed.size() != class_names.size()) {
    throw std::runtime_error(fmt::format("{}: expected the {} classes, one a line, found {}",
                                         file.string(), class_names.size(), listed.size()));
  }
  for (std::size_t label = 0; label < listed.size(); ++label) {
    if (listed[label] != class_names[label]) {
      throw std::runtime_error(fmt::format("{}: expected class {} to be '{}', found '{}'",
                                           file.string(), label, class_names[label],
                                           listed[label]));
    }
  }
}

}  // namespace tandem
