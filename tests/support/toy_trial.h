#pragma once

#include <memory>
#include <numeric>
#include <utility>

#include "tandem/model/initialise.h"
#include "tandem/study/trial.h"
#include "tandem/target/label.h"
#include "tandem/target/teacher_model.h"
#include "toy_dataset.h"

namespace tandem {

/// The toy data set as a study's splits.
inline Splits toy_splits(std::int64_t per_class = 40) {
  Dataset train = toy_dataset(per_class, 4, 1);
  const Normalisation normalisation = Normalisation::of(train);
  return {std::move(train), toy_dataset(50, 4, 2), normalisation};
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
  TrialConfig config = toy_trial(steps);
  config.seed = 1000;
  config.loss.form = "direct";
  const std::shared_ptr<Model> model = make_student(config, splits, 4);
  Learner learner(model, Loss(config.loss, Content::kOneHot), config.train);
  BatchSource batches = make_batches(config, splits);
  TableMapping mapping(Granularity::kClass, Content::kOneHot, class_table(4, 0));
  FitObserver silent;
  fit(learner, batches, mapping, {.train = config.train}, silent);
  return std::make_shared<ModelTeacher>(
      TrainedModel{.model = model, .normalisation = splits.normalisation});
}

/// The mapping that a resolved config asks for, with `teacher` to answer.
inline ReadyMapping toy_mapping(const TrialConfig& config, const Splits& splits,
                                const std::shared_ptr<Teacher>& teacher) {
  const TargetConfig& target = config.target;
  const Granularity granularity = parse_granularity(target.granularity);
  const Content content = parse_content(target.content);
  if (granularity == Granularity::kView) {
    return {std::make_unique<OnlineMapping>(content, teacher, target.temperature), 0};
  }
  torch::Tensor table =
      needs_teacher(content)
          ? label_dataset(*teacher, splits.train, ViewPolicy::parse(config.views.policy), target, 0)
                .values
          : class_table(splits.train.class_count(), target.smoothing);
  if (target.shuffle) {
    table = shuffle_rows(table, static_cast<std::uint64_t>(config.seed));
  }
  return {std::make_unique<TableMapping>(granularity, content, table, target.temperature), 0};
}

/// The mappings of the main job, and two more kinds of content.
inline std::vector<TargetConfig> main_mappings() {
  return {{.granularity = "class", .content = "one-hot"},
          {.granularity = "view", .content = "probs", .teacher = "t"},
          {.granularity = "sample", .content = "probs", .teacher = "t"},
          {.granularity = "class", .content = "probs", .fusion = "mean:2", .teacher = "t"},
          {.granularity = "sample", .content = "logits", .teacher = "t"},
          {.granularity = "view", .content = "features", .teacher = "t"}};
}

}  // namespace tandem
