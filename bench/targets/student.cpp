#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "classroom.h"
#include "figures.h"
#include "lines.h"
#include "tandem/target/reencode.h"
#include "tandem/target/target_store.h"
#include "timing.h"

namespace tandem::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kStepsPerTurn = 100;

/// What 8 bits may move a probability, its row's sum included; see docs/target-store.md.
constexpr double kEightBitTolerance = 0.03;

/// A student that learns some steps a turn.
class Student {
 public:
  Student(const Classroom& classroom, const TargetConfig& target)
      : mapping_(open_mapping(classroom, target)), training_(start_training(classroom, target)) {}

  /// As the training loop does (src/learn/fit.cpp): batch, targets, step, loss.
  double learn(int turn) {
    return seconds_of([&] {
      for (std::int64_t k = 0; k < kStepsPerTurn; ++k) {
        const Batch batch = batches().batch(turn * kStepsPerTurn + k);
        training_.learner()
            .step(batch, mapping_->targets(batch), training_.train_config().rate)
            .total.item<double>();
      }
    });
  }

  /// Seconds that the targets of one batch take.
  double read() {
    const Batch batch = batches().batch(0);
    constexpr int kTimes = 1000;
    return seconds_of([&] {
             for (int k = 0; k < kTimes; ++k) {
               mapping_->targets(batch);
             }
           }) /
           kTimes;
  }

  Mapping& mapping() { return *mapping_; }
  BatchSource& batches() { return training_.batches(); }

 private:
  std::unique_ptr<Mapping> mapping_;
  Training training_;
};

/// Throws std::runtime_error unless both see the same views and one of them what the teacher says.
void check_students(Student& stored, Student& one_hot, Teacher& teacher, double temperature) {
  const Batch batch = stored.batches().batch(3);
  const torch::Tensor answers = teacher.answer(batch.pixels, Content::kProbs, temperature);
  const double error =
      (stored.mapping().targets(batch).values - answers).abs().max().item<double>();
  if (!(error <= kEightBitTolerance)) {
    throw std::runtime_error(fmt::format("stored targets are off by {}", error));
  }
  if (!torch::equal(batch.pixels, one_hot.batches().batch(3).pixels)) {
    throw std::runtime_error("the two students see other views");
  }
}

}  // namespace

void measure_student(const Setting& setting) {
  const Classroom classroom = open_classroom();
  const fs::path dense = setting.folder / "student-fp32.safetensors";
  const fs::path encoded = setting.folder / "student-u8.safetensors";
  label(classroom, dense);
  reencode(TargetStore(dense), Encoding::parse("u8"), encoded);

  Student stored(classroom, from_store(encoded));
  Student one_hot(classroom, {});
  check_students(stored, one_hot, *classroom.teacher, classroom.trial.target.temperature);

  const std::vector<std::vector<double>> seconds = take_turns(
      {[&](int turn) { return stored.learn(turn); }, [&](int turn) { return one_hot.learn(turn); }},
      setting.repeats);
  const auto images = static_cast<double>(kStepsPerTurn * classroom.trial.train.batch);
  note("A student in training, convnet3 width 16 on Fashion-MNIST, batches of {}: {:.0f} images/s",
       classroom.trial.train.batch, images / median(seconds[0]));
  note("with targets per view from a u8 store, {:.0f} images/s with one-hot labels. To read a",
       images / median(seconds[1]));
  note("batch's targets from the store takes {:.1f} us of {:.0f} us a step; the losses differ too.",
       1e6 * stored.read(), 1e6 * median(seconds[0]) / kStepsPerTurn);
  ratio("student_images_per_s_stored_u8_over_one_hot", median_ratio(seconds[1], seconds[0]), 0.97);
}

}  // namespace tandem::bench
