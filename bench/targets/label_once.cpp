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
#include "tandem/study/trial.h"
#include "timing.h"

namespace tandem::bench {
namespace {

namespace fs = std::filesystem;

using Weights = std::map<std::string, torch::Tensor>;

std::shared_ptr<Model> new_student(const Classroom& classroom) {
  return make_student(classroom.trial, classroom.splits, classroom.splits.train.class_count());
}

/// A student from its first step to its last.
Weights train(const Classroom& classroom, Mapping& mapping) {
  const std::shared_ptr<Model> student = new_student(classroom);
  Learner learner(student, make_loss(classroom.trial), classroom.trial.train);
  BatchSource batches = make_batches(classroom.trial, classroom.splits);
  FitObserver silent;
  if (fit(learner, batches, mapping, {.train = classroom.trial.train}, silent).diverged) {
    throw std::runtime_error("the student diverged");
  }
  return state_of(*student);
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
    OnlineMapping mapping(parse_content(target.content), classroom.teacher, target.temperature);
    return seconds_of([&] { online_weights = train(classroom, mapping); });
  };
  const Side stored = [&](int) {
    return seconds_of([&] { stored_weights = train(classroom, *stored_mapping(path)); });
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

  if (identical(stored_weights, state_of(*new_student(classroom)))) {
    throw std::runtime_error("the student has learnt nothing");
  }
  note("Weights after {} steps, bit for bit:", train.steps);
  ratio("exact_weights_stored_fp32_as_online", identical(stored_weights, online_weights) ? 1 : 0,
        1);
}

}  // namespace tandem::bench
