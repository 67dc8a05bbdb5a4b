#include "tandem/label/open_teacher.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

#include "tandem/sample/splits.h"
#include "tandem/target/teacher_file.h"

namespace tandem {

std::shared_ptr<Teacher> open_teacher(const TeacherRef& teacher, const DataConfig& data,
                                      const Dataset& dataset, torch::Device device) {
  const std::vector<std::filesystem::path> files(teacher.names.begin(), teacher.names.end());
  std::shared_ptr<Teacher> opened =
      load_teachers(files, teacher.mean, dataset.image_shape(), dataset.class_count(), device);
  const std::optional<std::string> trained_on = opened->trained_on();
  if (trained_on && *trained_on != split_text(data)) {
    throw std::runtime_error(fmt::format(
        "{}: this teacher has learnt from {}, the student's data is {}: it may have seen the "
        "student's validation samples; give both the same data.validation and data.seed",
        teacher.names.front(), *trained_on, split_text(data)));
  }
  return opened;
}

}  // namespace tandem
