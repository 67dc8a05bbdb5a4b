#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "tandem/core/fingerprint.h"
#include "tandem/label/labelling.h"
#include "tandem/label/student_store.h"
#include "tandem/learn/fit.h"
#include "tandem/learn/trial_config.h"
#include "tandem/target/teacher_model.h"
#include "toy_dataset.h"

namespace tandem {

/// The toy data set as a study's splits.
inline Splits toy_splits(std::int64_t per_class = 40) {
  Dataset train = toy_dataset(per_class, 4, 1);
  const Normalisation normalisation = Normalisation::of(train);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(train.size()));
  std::iota(indices.begin(), indices.end(), 0);
  return {std::move(train), toy_dataset(50, 4, 2), normalisation, std::move(indices)};
}

/// A trial on the toy data set that a tiny network learns in a second.
inline TrialConfig toy_trial(std::int64_t steps, const TargetConfig& target = {}) {
  TrialConfig config;
  config.data.name = "toy";
  config.views.policy = "pad-crop:1,flip";
  config.model = {.name = "convnet3", .width = 8};
  config.target = resolve(target);
  config.train.batch = 20;
  config.train.steps = steps;
  config.train.rate = 0.1;
  config.train.schedule = "constant";
  config.train.evaluations = 4;
  return config;
}

/// A teacher that has learnt the toy data set from one-hot targets.
inline std::shared_ptr<Teacher> toy_teacher(const Splits& splits, std::int64_t steps = 150) {
  TrainingSetup config = training_of(toy_trial(steps));
  config.seed = 1000;
  config.loss.form = "direct";
  Training training(config, splits.train, splits.normalisation, {{Content::kOneHot}, 4});
  const std::unique_ptr<Mapping> mapping = class_mapping(4);
  FitObserver silent;
  fit(training, *mapping, {}, silent);
  return std::make_shared<ModelTeacher>(TrainedModel{.model = training.learner().shared_model(),
                                                     .normalisation = splits.normalisation});
}

/// Teachers by the names that targets use, and a folder for the stores that are labelled.
struct ToyTeachers {
  std::map<std::string, std::shared_ptr<Teacher>> by_name;
  std::filesystem::path folder;
};

/// Where a trial's mappings come from: those teachers, and stores as `tandem label` writes them.
inline TargetSources toy_sources(const TrialConfig& config, const Splits& splits,
                                 const ToyTeachers& teachers) {
  const auto teacher = [=](const MappingSpec& mapping) {
    return teachers.by_name.at(mapping.teacher.text());
  };
  const auto stored = [=, &splits](const MappingSpec& mapping) {
    std::filesystem::path path = mapping.store;
    if (path.empty()) {
      const LabelConfig label = labelling_of(mapping, config.data, config.views);
      path = teachers.folder / (fingerprint_of(config_text(label)).hex() + ".safetensors");
      if (!std::filesystem::exists(path)) {
        Labelling(label, splits, teacher(mapping), path).run({}, {}, "test");
      }
    }
    std::optional<Fingerprint> expected;
    if (!mapping.teacher.empty()) {
      expected = teacher(mapping)->fingerprint();
    }
    return open_targets(path, mapping, config, splits, expected);
  };
  return {.teacher = teacher, .stored = stored};
}

/// The mappings that a resolved config asks for, one after the other.
inline std::vector<std::shared_ptr<Mapping>> toy_mappings(const TrialConfig& config,
                                                          const Splits& splits,
                                                          const ToyTeachers& teachers) {
  std::vector<std::shared_ptr<Mapping>> mappings;
  for (const PlannedMapping& planned : plan_mappings(config.target)) {
    mappings.push_back(make_mapping(planned.spec, mapped_samples(config, splits),
                                    toy_sources(config, splits, teachers)));
  }
  return mappings;
}

/// The same as a schedule.
inline MappingSchedule toy_schedule(const TrialConfig& config, const Splits& splits,
                                    const ToyTeachers& teachers) {
  return make_schedule(plan_mappings(config.target), mapped_samples(config, splits),
                       toy_sources(config, splits, teachers));
}

/// Every granularity and every kind of content.
inline std::vector<TargetConfig> main_mappings() {
  return {{.granularity = "class", .content = "one-hot"},
          {.granularity = "class", .content = "smoothed"},
          {.granularity = "cluster:3", .content = "probs", .teacher = "t"},
          {.granularity = "pool:2", .content = "probs", .teacher = "t"},
          {.granularity = "view", .content = "probs", .teacher = "t"},
          {.granularity = "sample", .content = "probs", .teacher = "t"},
          {.granularity = "class", .content = "probs", .fusion = "mean:2", .teacher = "t"},
          {.granularity = "sample", .content = "logits", .teacher = "t"},
          {.granularity = "view", .content = "features", .teacher = "t"}};
}

}  // namespace tandem
