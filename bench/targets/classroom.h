#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "tandem/learn/trial_config.h"
#include "tandem/sample/splits.h"
#include "tandem/target/mapping.h"
#include "tandem/target/teacher.h"

namespace tandem::bench {

/// Fashion-MNIST, a teacher, and the trial of a small student that learns its targets per view.
struct Classroom {
  TrialConfig trial;
  Splits splits;
  std::shared_ptr<Teacher> teacher;
};

/// Visits of each sample that there are views for.
inline constexpr std::int64_t kVisits = 2;

/// The student is convnet3 width 16 and goes once through kVisits visits of 6400 samples; the
/// teacher is resnet8 width 16 after a few steps, since training it longer makes it no slower.
Classroom open_classroom();

/// Lets the teacher answer all views into an fp32 store at `path`, in this process, and returns the
/// seconds it took in all.
double label(const Classroom& classroom, const std::filesystem::path& path);

/// Targets of a store that label() wrote, or of one made from it.
TargetConfig from_store(const std::filesystem::path& path);

/// The mapping that `target` says, from the teacher or from a store. The classroom must outlive it.
std::unique_ptr<Mapping> open_mapping(const Classroom& classroom, const TargetConfig& target);

/// The student, ready to learn such targets.
Training start_training(const Classroom& classroom, const TargetConfig& target);

}  // namespace tandem::bench
