// Label once, train from the store: a teacher answers for each sample, a student learns them.
//
// Prints: the student has learnt from the store
#include <iostream>

#include <tandem/tandem.h>

using namespace tandem;

int main() {
  FitObserver silent;
  TrialConfig trial;
  trial.data = {.name = "fashion-mnist", .validation = 2000, .train = 4000};
  trial.model = {.name = "mlp", .width = 128};
  trial.train = {.batch = 64, .steps = 200, .rate = 0.05};
  const Splits splits = load_splits(trial.data);

  Training lesson(training_of(trial), splits.train, splits.normalisation, {{Content::kOneHot}, 10});
  fit(lesson, *class_mapping(10), {}, silent);
  const auto teacher = std::make_shared<ModelTeacher>(TrainedModel{
      .model = lesson.learner().shared_model(), .normalisation = splits.normalisation});

  trial.target = {.granularity = "sample", .content = "probs", .temperature = 4, .teacher = "mine"};
  const LabelConfig wanted = labelling_of(resolve_mapping(trial.target), trial.data, trial.views);
  Labelling(wanted, splits, teacher, "targets.safetensors").run({}, {}, "train_from_store");

  trial.seed = 1;
  trial.target = take_from_store({.store = "targets.safetensors"});
  const MappingSpec said = resolve_mapping(trial.target);
  const TargetSources sources{.stored = [&](const MappingSpec& spec) {
    return open_targets(spec.store, spec, trial, splits, teacher->fingerprint());
  }};
  const auto mapping = make_mapping(said, mapped_samples(trial, splits), sources);
  Training student(training_of(trial), splits.train, splits.normalisation, {{said.content}, 10});
  const FitResult result = fit(student, *mapping, {.validation = &splits.validation}, silent);

  const double top1_pct = result.state.evaluations.back().validation_top1_pct;
  std::cout << "validation top-1 " << top1_pct << " %\n";
  std::cout << (top1_pct > 60 ? "the student has learnt from the store\n" : "it has not\n");
}
