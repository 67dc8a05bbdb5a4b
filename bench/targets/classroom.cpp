#include "classroom.h"

#include "tandem/label/labelling.h"
#include "tandem/learn/fit.h"
#include "tandem/study/trial.h"
#include "tandem/target/target_store.h"
#include "tandem/target/teacher_model.h"
#include "timing.h"

namespace tandem::bench {
namespace {

constexpr std::int64_t kClassroomSamples = 6400, kClassroomBatch = 128;
constexpr std::int64_t kTeacherSteps = 30;

TrialConfig student_trial() {
  TrialConfig config;
  config.data = {.name = "fashion-mnist", .validation = 2000, .train = kClassroomSamples};
  config.views = {.policy = "pad-crop:2,flip", .seed = 0, .pool = kVisits};
  config.model = {.name = "convnet3", .width = 16};
  config.target = resolve(TargetConfig{
      .granularity = "view", .content = "probs", .temperature = 4, .teacher = "resnet8"});
  config.train.batch = kClassroomBatch;
  config.train.steps = kVisits * kClassroomSamples / kClassroomBatch;
  config.train.rate = 0.04;
  config.train.schedule = "constant";
  return config;
}

std::shared_ptr<Teacher> train_teacher(TrialConfig config, const Splits& splits) {
  config.seed = 1000;
  config.model = {.name = "resnet8", .width = 16};
  config.target = TargetConfig();
  config.loss.form = "direct";
  config.train.steps = kTeacherSteps;
  const std::int64_t classes = splits.train.class_count();
  const std::shared_ptr<Model> model = make_student(config, splits, classes);
  Learner learner(model, make_loss(config), config.train);
  BatchSource batches = make_batches(config, splits);
  const std::unique_ptr<Mapping> mapping = class_mapping(classes);
  FitObserver silent;
  fit(learner, batches, *mapping, {.train = config.train}, silent);
  return std::make_shared<ModelTeacher>(
      TrainedModel{.model = model, .normalisation = splits.normalisation});
}

}  // namespace

Classroom open_classroom() {
  const TrialConfig trial = student_trial();
  Splits splits = load_splits(trial.data);
  std::shared_ptr<Teacher> teacher = train_teacher(trial, splits);
  return {trial, std::move(splits), std::move(teacher)};
}

double label(const Classroom& classroom, const std::filesystem::path& path) {
  LabelConfig config = label_config_of(classroom.trial);
  config.store.epochs = kVisits;
  return seconds_of([&] {
    Labelling labelling(config, classroom.splits, classroom.teacher, path);
    labelling.run([](std::int64_t) {}, {}, "bench");
  });
}

std::unique_ptr<Mapping> stored_mapping(const std::filesystem::path& path) {
  auto store = std::make_shared<TargetStore>(path);
  const StoreDescription& description = store->description();
  return std::make_unique<StoredMapping>(store->keys(), store, description.content,
                                         description.temperature);
}

}  // namespace tandem::bench
