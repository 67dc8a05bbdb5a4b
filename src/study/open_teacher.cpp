#include "tandem/study/open_teacher.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/learn/learner.h"
#include "tandem/study/splits.h"

namespace tandem {

std::vector<std::string> teacher_names(const std::string& teacher) {
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
  (void)ensemble;
  const std::filesystem::path& path = files.front();
  TrainedModel trained = load_model(path);
  if (trained.model->image_shape() != dataset.image_shape() ||
      trained.model->class_count() != dataset.class_count()) {
    throw std::runtime_error(fmt::format(
        "{}: this teacher answers {} classes of {}x{}x{} images; {} has {} classes of {}x{}x{}",
        path.string(), trained.model->class_count(), trained.model->image_shape().channels,
        trained.model->image_shape().height, trained.model->image_shape().width, dataset.name(),
        dataset.class_count(), dataset.image_shape().channels, dataset.image_shape().height,
        dataset.image_shape().width));
  }
  const auto trained_on = trained.metadata.find(kTrainedOnNote);
  if (trained_on != trained.metadata.end() && trained_on->second != split_text(data)) {
    throw std::runtime_error(fmt::format(
        "{}: this teacher has learnt from {}, the student's data is {}: it may have seen the "
        "student's validation samples; give both the same data.validation and data.seed",
        path.string(), trained_on->second, split_text(data)));
  }
  return std::make_shared<ModelTeacher>(std::move(trained), parse_device(device));
}

}  // namespace tandem
