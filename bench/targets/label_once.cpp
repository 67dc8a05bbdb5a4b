#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "classroom.h"
#include "figures.h"
#include "lines.h"
#include "tandem/learn/fit.h"
#include "tandem/model/weights.h"
#include "timing.h"

namespace tandem::bench {
namespace {

namespace fs = std::filesystem;

using Weights = std::map<std::string, torch::Tensor>;

/// A student from its first step to its last.
Weights train(const Classroom& classroom, const TargetConfig& target) {
  Training training = start_training(classroom, target);
  const std::unique_ptr<Mapping> mapping = open_mapping(classroom, target);
  FitObserver silent;
  if (fit(training, *mapping, {}, silent).diverged) {
    throw std::runtime_error("the student diverged");
  }
  return state_of(training.model());
}

bool identical(const Weights& a, const Weights& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& two) {
    return one.first == two.first && torch::equal(one.second, two.second);
  });
}

}  // namespace

void measure_label_once(const Setting& setting) {
  const Classroom classroom = open_classroom();
  const TargetConfig& target = classroom.trial.target;
  const fs::path path = setting.folder / "label-once.safetensors";
  Weights online_weights, stored_weights;
  const Side labelling = [&](int) { return label(classroom, path); };
  const Side online = [&](int) {
    return seconds_of([&] { online_weights = train(classroom, target); });
  };
  const Side stored = [&](int) {
    return seconds_of([&] { stored_weights = train(classroom, from_store(path)); });
  };
  const std::vector<std::vector<double>> seconds =
      take_turns({labelling, online, stored}, setting.repeats);

  const TrainConfig& train = classroom.trial.train;
  note("Teacher resnet8 width 16, students convnet3 width 16 on Fashion-MNIST, {} steps of {}",
       train.steps, train.batch);
  note("views: labelling all views into an fp32 store takes {:.2f} s, a student from the store",
       median(seconds[0]));
  note(
      "{:.2f} s, a student with the teacher online {:.2f} s. Taken times S for S students (a store",
      median(seconds[2]), median(seconds[1]));
  note("is labelled once); the time that the teacher itself was trained is left out of both.");
  for (const int students : {1, 5, 20}) {
    std::vector<double> online_s, stored_s;
    for (std::size_t r = 0; r < seconds[0].size(); ++r) {
      online_s.push_back(students * seconds[1][r]);
      stored_s.push_back(seconds[0][r] + students * seconds[2][r]);
    }
    note("  S = {}: online {:.1f} s, stored {:.1f} s", students, median(online_s),
         median(stored_s));
    ratio(fmt::format("seconds_online_over_label_once_{}_students", students),
          median_ratio(online_s, stored_s), students == 1 ? 0 : 1);
  }

  if (identical(stored_weights, state_of(start_training(classroom, target).model()))) {
    throw std::runtime_error("the student has learnt nothing");
  }
  note("Weights after {} steps, bit for bit:", train.steps);
  ratio("exact_weights_stored_fp32_as_online", identical(stored_weights, online_weights) ? 1 : 0,
        1);
}

}  // namespace tandem::bench
