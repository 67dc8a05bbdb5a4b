#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "figures.h"
#include "lines.h"
#include "pictures.h"
#include "tandem/learn/training.h"
#include "tandem/target/mapping.h"
#include "tandem/view/batch_source.h"
#include "tandem/view/prefetch.h"
#include "timing.h"

namespace tandem::bench {
namespace {

constexpr const char* kTrainPolicy = "pad-crop:4,flip,randaugment:2-14";
constexpr std::int64_t kTrainPictures = 5000, kTrainClasses = 10;

struct Lesson {
  const char* name;
  ModelConfig model;
  std::int64_t batch;
  std::int64_t steps;  ///< a turn
};

/// A model in training.
class Pupil {
 public:
  Pupil(const Lesson& lesson, const Dataset& pictures)
      : mapping_(class_mapping(kTrainClasses)),
        training_(config_of(lesson), pictures, Normalisation::of(pictures),
                  {{Content::kOneHot}, kTrainClasses}) {}

  BatchSource& batches() { return training_.batches(); }

  /// As the training loop does (src/learn/fit.cpp).
  void learn(const Batch& batch) {
    training_.learner()
        .step(batch, mapping_->targets(batch), training_.rates().at(0))
        .total.item<double>();
  }

 private:
  static TrainingSetup config_of(const Lesson& lesson) {
    TrainingSetup config{.seed = 1};
    config.views.policy = kTrainPolicy;
    config.model = lesson.model;
    config.loss.form = "direct";
    config.train.batch = lesson.batch;
    config.train.steps = lesson.steps;
    config.train.rate = 0.01;
    config.train.schedule = "constant";
    return config;
  }

  std::unique_ptr<Mapping> mapping_;
  Training training_;
};

void measure_lesson(const Setting& setting, const Lesson& lesson) {
  const Dataset pictures = made_up_pictures(kTrainPictures, 32, 32, 1);
  Pupil with_views(lesson, pictures), without(lesson, pictures),
      with_views_made_inline(lesson, pictures);
  BatchSource& source = with_views.batches();
  const Batch constant = source.batch(0);
  const auto first = [&](int repeat) { return repeat * lesson.steps; };

  const std::vector<std::vector<double>> seconds =
      take_turns({[&](int repeat) {
                    PrefetchedBatches batches(
                        source, {.first = first(repeat), .end = first(repeat) + lesson.steps});
                    return seconds_of([&] {
                      for (std::int64_t k = 0; k < lesson.steps; ++k) {
                        with_views.learn(batches.next());
                      }
                    });
                  },
                  [&](int) {
                    return seconds_of([&] {
                      for (std::int64_t k = 0; k < lesson.steps; ++k) {
                        without.learn(constant);
                      }
                    });
                  },
                  [&](int repeat) {
                    return seconds_of([&] {
                      for (std::int64_t k = 0; k < lesson.steps; ++k) {
                        with_views_made_inline.learn(source.batch(first(repeat) + k));
                      }
                    });
                  }},
                 setting.repeats);
  const auto images = static_cast<double>(lesson.batch * lesson.steps);
  note("{} (width {}, 0: its own), batches of {}: {:.0f} images/s with views made ahead, {:.0f}",
       lesson.model.name, lesson.model.width, lesson.batch, images / median(seconds[0]),
       images / median(seconds[1]));
  note("  with one batch over and over, {:.0f} with views made between the steps by the same core",
       images / median(seconds[2]));
  ratio(fmt::format("views-train-{}", lesson.name), median_ratio(seconds[1], seconds[0]), 0.95);
  ratio(fmt::format("views-train-{}-one-core", lesson.name), median_ratio(seconds[1], seconds[2]),
        0);
}

}  // namespace

void measure_train(const Setting& setting) {
  note("Training on {}. Steps take one thread on either side, and", kTrainPolicy);
  note(
      "views are made ahead by a thread of their own: one of the machine's {} cores is free for "
      "it.",
      std::thread::hardware_concurrency());
  measure_lesson(setting, {"small", {.name = "convnet3", .width = 16}, 128, 15});
  measure_lesson(setting, {"large", {.name = "resnet18"}, 32, 2});
}

}  // namespace tandem::bench
