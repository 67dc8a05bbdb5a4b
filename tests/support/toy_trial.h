#pragma once

#include <memory>
#include <numeric>
#include <utility>

#include "tandem/label/label_config.h"
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
  TrialConfig config = toy_trial(steps);
  config.seed = 1000;
  config.loss.form = "direct";
  const std::shared_ptr<Model> model = make_student(config, splits, 4);
  Learner learner(model, Loss(config.loss, Content::kOneHot), config.train);
  BatchSource batches = make_batches(config, splits);
  const std::unique_ptr<Mapping> mapping = class_mapping(4);
  FitObserver silent;
  fit(learner, batches, *mapping, {.train = config.train}, silent);
  return std::make_shared<ModelTeacher>(
      TrainedModel{.model = model, .normalisation = splits.normalisation});
}

/// Targets of the whole toy training split, as labelled for a store.
inline torch::Tensor toy_targets(const TrialConfig& config, const Splits& splits,
                                 Teacher& teacher) {
  const StoreDescription description = describe_store(label_config_of(config), splits, teacher);
  return label_rows(teacher, splits.train, description, ViewsOfRows(description, splits.train), {},
                    0, description.keys());
}

/// The mapping that a resolved config asks for, with `teacher` to answer.
inline ReadyMapping toy_mapping(const TrialConfig& config, const Splits& splits,
                                const std::shared_ptr<Teacher>& teacher) {
  const TargetConfig& target = config.target;
  const Granularity granularity = parse_granularity(target.granularity);
  const Content content = parse_content(target.content);
  if (is_per_view(granularity)) {
    return {std::make_unique<OnlineMapping>(content, teacher, target.temperature), 0};
  }
  TargetKeys keys = granularity == Granularity::kClass
                        ? TargetKeys::per_class(splits.train.class_count())
                        : TargetKeys::per_sample(splits.train.size());
  if (target.shuffle) {
    keys = keys.shuffled(static_cast<std::uint64_t>(config.seed));
  }
  const torch::Tensor table = needs_teacher(content)
                                  ? toy_targets(config, splits, *teacher)
                                  : class_targets(splits.train.class_count(), target.smoothing);
  return {std::make_unique<StoredMapping>(keys, std::make_shared<TensorRows>(table), content,
                                          target.temperature),
          0};
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
