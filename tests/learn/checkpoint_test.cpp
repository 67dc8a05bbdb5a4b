// A training goes on from what it wrote, or not at all.

#include "tandem/learn/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "expect_refusal.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/fingerprinted_file.h"
#include "tandem/core/interrupted.h"
#include "tandem/core/safetensors.h"
#include "tandem/learn/fit.h"
#include "temporary_folder.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

constexpr std::int64_t kSteps = 12;
constexpr std::int64_t kStopAfter = 7;

/// Requests a stop in the middle of the training.
class StopInTheMiddle : public FitObserver {
 public:
  void on_step(const Progress& progress) override {
    if (progress.done == kStopAfter) {
      source_.request_stop();
    }
  }
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
};

/// Counts the steps that are taken.
struct StepCount : FitObserver {
  void on_step(const Progress&) override { ++steps; }
  std::int64_t steps = 0;
};

class TrainingCheckpoint : public testing::Test {
 protected:
  /// Leaves the checkpoint of a training that was stopped after kStopAfter steps.
  TrainingCheckpoint() {
    StopInTheMiddle observer;
    EXPECT_THROW(train(observer, observer.token()), Interrupted);
    written_ = read_file(path_);
  }

  Training training() const {
    TrainingSetup setup{.model = {.name = "convnet3", .width = 4},
                        .loss = {.form = "direct"},
                        .train = {.batch = 20, .steps = kSteps, .optimizer = "adamw"}};
    return Training(setup, samples_, Normalisation::of(samples_), {{Content::kOneHot}, 4});
  }

  FitResult train(FitObserver& observer, std::stop_token stop = {}) const {
    Training made = training();
    const std::unique_ptr<Mapping> targets = class_mapping(4);
    return fit(made, *targets, {.validation = &samples_, .checkpoint = path_}, observer, stop);
  }

  void train() const {
    FitObserver silent;
    train(silent);
  }

  /// Writes the progress of the checkpoint anew, as `change` leaves it.
  void expect_refused(const std::function<void(FitState&)>& change, const std::string& words) {
    write_file_atomically(path_, written_);
    Training made = training();
    FitState progress = load_checkpoint(path_, made.learner()).value();
    change(progress);
    save_checkpoint(path_, made.learner(), progress);
    expect_refusal([&] { train(); }, {path_.string(), words, "delete it"});
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "checkpoint.safetensors";
  Dataset samples_ = toy_dataset(40, 4, 1);
  std::string written_;
};

TEST_F(TrainingCheckpoint, IsGoneOnFrom) {
  StepCount observer;
  EXPECT_EQ(train(observer).state.step, kSteps);
  EXPECT_EQ(observer.steps, kSteps - kStopAfter);
}

TEST_F(TrainingCheckpoint, WithABitFlippedAnywhereIsRefused) {
  const auto is_refused = [&](std::size_t place, int bit) {
    std::string bytes = written_;
    bytes[place] = static_cast<char>(bytes[place] ^ (1 << bit));
    write_file_atomically(path_, bytes);
    Training made = training();
    try {
      load_checkpoint(path_, made.learner());
      return false;
    } catch (const std::runtime_error& error) {
      return std::string(error.what()).find(path_.string()) != std::string::npos;
    }
  };
  const std::size_t step = std::max<std::size_t>(written_.size() / 600, 1);
  for (std::size_t place = 0; place < written_.size(); place += step) {
    ASSERT_TRUE(is_refused(place, static_cast<int>(place % 8))) << "byte " << place;
  }
}

TEST_F(TrainingCheckpoint, WithAnotherValueOfAnyOfItsTensorsOrNotesIsRefused) {
  const TensorFile written = read_safetensors(path_);
  const auto expect_refused_file = [&](const TensorFile& file, const std::string& what) {
    write_safetensors(path_, file);
    Training made = training();
    expect_refusal([&] { load_checkpoint(path_, made.learner()); }, {path_.string(), "delete it"});
    EXPECT_FALSE(HasFailure()) << what;
  };
  for (const auto& [name, tensor] : written.tensors) {
    if (tensor.numel() > 0) {
      TensorFile changed = written;
      changed.tensors[name] = tensor.clone();
      changed.tensors[name].flatten()[-1] += 1;
      expect_refused_file(changed, name);
    }
  }
  for (const auto& [key, text] : written.metadata) {
    TensorFile changed = written;
    changed.metadata[key] = text + "0";
    expect_refused_file(changed, key);
    changed.metadata.erase(key);
    expect_refused_file(changed, key);
  }
}

TEST_F(TrainingCheckpoint, OfStepsThatAreNoNumbersIsRefused) {
  for (const double step : {6e247, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
    TensorFile file = read_safetensors(path_);
    file.tensors["progress.evaluations"].flatten()[0] = step;
    write_fingerprinted(path_, file);
    Training made = training();
    expect_refusal([&] { load_checkpoint(path_, made.learner()); },
                   {path_.string(), "whole numbers", "delete it"});
  }
}

TEST_F(TrainingCheckpoint, OfOneLossAverageIsRefused) {
  TensorFile file = read_safetensors(path_);
  file.tensors["progress.averages"] = torch::ones({1}, torch::kFloat64);
  write_fingerprinted(path_, file);
  Training made = training();
  expect_refusal([&] { load_checkpoint(path_, made.learner()); },
                 {path_.string(), "progress.averages"});
}

TEST_F(TrainingCheckpoint, OfProgressThatNoSuchTrainingMakesIsRefused) {
  expect_refused([](FitState& state) { state.step = 1'000'000'000'000'000; },
                 "it is of step 1000000000000000, this run has 12");
  expect_refused([](FitState& state) { state.step = -1; }, "it is of step -1");
  expect_refused([](FitState& state) { state.step -= 1; }, "losses since the last");
  expect_refused([](FitState& state) { state.loss_count += 1; }, "losses since the last");
  expect_refused([](FitState& state) { state.evaluations.pop_back(); }, "losses since the last");
  expect_refused([](FitState& state) { state.evaluations.front().step = 0; }, "looks");
  expect_refused([](FitState& state) { state.switches.steps = {3}; }, "switches of the mapping");
  expect_refused([](FitState& state) { state.loss_sum = std::numeric_limits<double>::quiet_NaN(); },
                 "its losses add up to nan");
  expect_refused([](FitState& state) { state.teacher_s = -1; }, "its times are");
}

}  // namespace
}  // namespace tandem
