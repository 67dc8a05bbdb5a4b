#include "tandem/label/open_teacher.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/learn/learner.h"
#include "tandem/sample/splits.h"
#include "tandem/target/teacher_file.h"

namespace tandem {

std::vector<std::string> teacher_names(const std::string& teacher) {
  if (std::filesystem::exists(teacher)) {
    return {teacher};  // whose path may hold a '+'
  }
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= teacher.size() && !teacher.empty();) {
    const std::size_t end = std::min(teacher.find('+', begin), teacher.size());
    names.push_back(teacher.substr(begin, end - begin));
    if (names.back().empty()) {
      throw std::invalid_argument(fmt::format(
          "target.teacher: expected a teacher, or several joined by '+', got '{}'", teacher));
    }
    begin = end + 1;
  }
  return names;
}

std::shared_ptr<Teacher> open_teacher(const std::vector<std::filesystem::path>& files,
                                      const std::string& ensemble, const DataConfig& data,
                                      const Dataset& dataset, const std::string& device) {
  std::shared_ptr<Teacher> teacher =
      load_teachers(files, parse_ensemble_mean(ensemble.empty() ? "probs" : ensemble),
                    dataset.image_shape(), dataset.class_count(), parse_device(device));
  const std::optional<std::string> trained_on = teacher->trained_on();
  if (trained_on && *trained_on != split_text(data)) {
    throw std::runtime_error(fmt::format(
        "{}: this teacher has learnt from {}, the student's data is {}: it may have seen the "
        "student's validation samples; give both the same data.validation and data.seed",
        files.front().string(), *trained_on, split_text(data)));
  }
  return teacher;
}

}  // namespace tandem
