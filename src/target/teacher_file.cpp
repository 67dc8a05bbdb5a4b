#include "tandem/target/teacher_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <stdexcept>

#include "pickle_file.h"
#include "tandem/core/atomic_file.h"
#include "tandem/model/foreign_resnet.h"
#include "tandem/target/teacher_model.h"
#include "torchscript_teacher.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// What the TOML file of a foreign model says.
struct ForeignTeacher {
  std::string weights;
  std::string torchscript;
  std::vector<double> mean;
  std::vector<double> stddev;
  std::int64_t image_size = 0;
  std::string trained_on;

  void visit(ConfigVisitor& visitor) {
    visitor.field("weights", weights);
    visitor.field("torchscript", torchscript);
    visitor.field("mean", mean);
    visitor.field("stddev", stddev);
    visitor.field("image_size", image_size);
    visitor.field("trained_on", trained_on);
  }

  const std::string& model() const { return weights.empty() ? torchscript : weights; }
};

constexpr std::int64_t kMaxImageSize = 4096;

ForeignTeacher read_foreign(const fs::path& path) {
  ForeignTeacher foreign;
  ConfigTable::from_file(path).read_into(foreign);
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument(fmt::format("{}: {}", path.string(), why));
  };
  if (foreign.weights.empty() == foreign.torchscript.empty()) {
    refuse("expected either weights = \"....safetensors\" or torchscript = \"....pt\"");
  }
  if (foreign.mean.empty() || foreign.mean.size() != foreign.stddev.size()) {
    refuse(fmt::format("expected mean and stddev, one number per channel; got {} and {}",
                       foreign.mean.size(), foreign.stddev.size()));
  }
  for (const double mean : foreign.mean) {
    if (!(mean >= 0 && mean <= 1)) {
      refuse(fmt::format("mean is of pixels in 0..1, got {}; 123.675 of 255 is 0.485", mean));
    }
  }
  for (const double stddev : foreign.stddev) {
    if (!(stddev > 0) || !std::isfinite(stddev)) {
      refuse(fmt::format("stddev must be positive, got {}", stddev));
    }
  }
  if (foreign.image_size < 0 || foreign.image_size > kMaxImageSize) {
    refuse(fmt::format("image_size: expected 1..{}, or 0 for the data set's own, got {}",
                       kMaxImageSize, foreign.image_size));
  }
  return foreign;
}

std::string toml_advice(const fs::path& path, std::string_view key) {
  return fmt::format(
      "it does not say how pixels are normalised; write a TOML file with {} = \"{}\", "
      "mean = [...] and stddev = [...] per channel (of pixels in 0..1), and name that",
      key, path.filename().string());
}

std::string text_of_images(std::int64_t classes, const ImageShape& shape) {
  return fmt::format("{} classes of {}x{}x{} images", classes, shape.channels, shape.height,
                     shape.width);
}

void check_fit(const fs::path& path, std::int64_t teacher_classes, const ImageShape& teacher_shape,
               std::int64_t classes, const ImageShape& shape) {
  if (teacher_classes != classes || teacher_shape != shape) {
    throw std::runtime_error(fmt::format(
        "{}: this teacher answers {}; the data set has {}", path.string(),
        text_of_images(teacher_classes, teacher_shape), text_of_images(classes, shape)));
  }
}

std::shared_ptr<Teacher> load_own(const fs::path& path, const ImageShape& shape,
                                  std::int64_t class_count, torch::Device device) {
  if (!is_checkpoint(read_safetensors(path).metadata)) {
    throw std::runtime_error(fmt::format("{}: not a Tandem checkpoint, and as another program's {}",
                                         path.string(), toml_advice(path, "weights")));
  }
  TrainedModel trained = load_model(path);
  check_fit(path, trained.model->class_count(), trained.model->image_shape(), class_count, shape);
  TeacherInput input{.name = path.string(), .shape = shape, .normalisation = trained.normalisation};
  return std::make_shared<ModelTeacher>(std::move(trained), std::move(input), device);
}

std::shared_ptr<Teacher> load_foreign(const fs::path& path, const ImageShape& shape,
                                      std::int64_t class_count, torch::Device device) {
  const ForeignTeacher foreign = read_foreign(path);
  const fs::path model_path = path.parent_path() / foreign.model();
  refuse_pickle(model_path);
  if (static_cast<std::int64_t>(foreign.mean.size()) != shape.channels) {
    throw std::runtime_error(
        fmt::format("{}: mean and stddev are of {} channels, the data set's images have {}",
                    path.string(), foreign.mean.size(), shape.channels));
  }
  TeacherInput input{.name = model_path.string(),
                     .shape = shape,
                     .normalisation = {.mean = foreign.mean, .stddev = foreign.stddev},
                     .image_size = foreign.image_size};
  if (!foreign.torchscript.empty()) {
    const auto trained_on =
        foreign.trained_on.empty() ? std::nullopt : std::optional(foreign.trained_on);
    auto teacher = load_torchscript_teacher(model_path, std::move(input), trained_on, device);
    check_fit(model_path, teacher->class_count(), shape, class_count, shape);
    return teacher;
  }
  ImageShape seen = shape;
  if (foreign.image_size > 0) {
    seen.height = seen.width = foreign.image_size;
  }
  TrainedModel trained = load_foreign_resnet(model_path, seen, input.normalisation);
  check_fit(model_path, trained.model->class_count(), shape, class_count, shape);
  if (!foreign.trained_on.empty()) {
    trained.metadata[kTrainedOnNote] = foreign.trained_on;
  }
  return std::make_shared<ModelTeacher>(std::move(trained), std::move(input), device);
}

}  // namespace

std::shared_ptr<Teacher> load_teacher(const fs::path& path, const ImageShape& shape,
                                      std::int64_t class_count, torch::Device device) {
  const std::string extension = path.extension().string();
  if (extension == ".safetensors") {
    return load_own(path, shape, class_count, device);
  }
  if (extension == ".toml") {
    return load_foreign(path, shape, class_count, device);
  }
  refuse_pickle(path);
  if (extension == ".pt" || extension == ".pth" || extension == ".ts") {
    throw std::runtime_error(fmt::format("{}: of a TorchScript module nothing is assumed: {}",
                                         path.string(), toml_advice(path, "torchscript")));
  }
  throw std::runtime_error(fmt::format(
      "{}: expected a teacher as .safetensors (a Tandem checkpoint) or .toml (another program's "
      "model)",
      path.string()));
}

std::shared_ptr<Teacher> load_teachers(const std::vector<fs::path>& paths, EnsembleMean mean,
                                       const ImageShape& shape, std::int64_t class_count,
                                       torch::Device device) {
  std::vector<std::shared_ptr<Teacher>> teachers;
  for (const fs::path& path : paths) {
    teachers.push_back(load_teacher(path, shape, class_count, device));
  }
  return teachers.size() == 1 ? teachers.front()
                              : std::make_shared<Ensemble>(std::move(teachers), mean);
}

Fingerprint identify_teacher_file(const fs::path& path) {
  const std::string content = read_file(path);
  if (path.extension() != ".toml") {
    return fingerprint_of(content);
  }
  ForeignTeacher foreign = read_foreign(path);
  const std::string model = read_file(path.parent_path() / foreign.model());
  (foreign.weights.empty() ? foreign.torchscript : foreign.weights) = "its content follows";
  return Fingerprinter().text(config_text(foreign)).text(model).digest();
}

}  // namespace tandem
