#include "classroom.h"

#include "tandem/label/labelling.h"
#include "tandem/label/student_store.h"
#include "tandem/learn/fit.h"
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
  config.loss.form = "direct";
  config.train.steps = kTeacherSteps;
  const std::int64_t classes = splits.train.class_count();
  Training training(training_of(config), splits.train, splits.normalisation,
                    {{Content::kOneHot}, classes});
  const std::unique_ptr<Mapping> mapping = class_mapping(classes);
  FitObserver silent;
  fit(training, *mapping, {}, silent);
  return std::make_shared<ModelTeacher>(TrainedModel{.model = training.learner().shared_model(),
                                                     .normalisation = splits.normalisation});
}

}  // namespace

Classroom open_classroom() {
  const TrialConfig trial = student_trial();
  Splits splits = load_splits(trial.data);
  std::shared_ptr<Teacher> teacher = train_teacher(trial, splits);
  return {trial, std::move(splits), std::move(teacher)};
}

Training start_training(const Classroom& classroom, const TargetConfig& target) {
  return Training(training_of(classroom.trial), classroom.splits.train,
                  classroom.splits.normalisation,
                  target_form(plan_mappings(target), classroom.splits.train.class_count()));
}

std::unique_ptr<Mapping> open_mapping(const Classroom& classroom, const TargetConfig& target) {
  return make_mapping(resolve_mapping(target), mapped_samples(classroom.trial, classroom.splits),
                      {.teacher = [&](const MappingSpec&) { return classroom.teacher; },
                       .stored =
                           [&](const MappingSpec& mapping) {
                             return open_targets(mapping.store, mapping, classroom.trial,
                                                 classroom.splits, {});
                           }});
}

TargetConfig from_store(const std::filesystem::path& path) {
  return take_from_store({.store = path.string()});
}

double label(const Classroom& classroom, const std::filesystem::path& path) {
  LabelConfig config = labelling_of(resolve_mapping(classroom.trial.target), classroom.trial.data,
                                    classroom.trial.views);
  config.store.epochs = kVisits;
  return seconds_of([&] {
    Labelling labelling(config, classroom.splits, classroom.teacher, path);
    labelling.run({}, {}, "bench");
  });
}

}  // namespace tandem::bench
