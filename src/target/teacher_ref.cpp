#include "tandem/target/teacher_ref.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace tandem {

TeacherRef TeacherRef::parse(const std::string& text, EnsembleMean mean) {
  TeacherRef teacher{.names = {}, .mean = mean};
  if (std::filesystem::exists(text)) {
    teacher.names = {text};  // whose path may hold a '+'
    return teacher;
  }
  for (std::size_t begin = 0; begin <= text.size() && !text.empty();) {
    const std::size_t end = std::min(text.find('+', begin), text.size());
    teacher.names.push_back(text.substr(begin, end - begin));
    if (teacher.names.back().empty()) {
      throw std::invalid_argument(fmt::format(
          "target.teacher: expected a teacher, or several joined by '+', got '{}'", text));
    }
    begin = end + 1;
  }
  return teacher;
}

std::string TeacherRef::text() const {
  return fmt::format("{}", fmt::join(names, "+"));
}

}  // namespace tandem
