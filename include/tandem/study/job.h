#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

enum class JobKind {
  kTeach,  ///< train the ladder
  kLabel,  ///< compute the table of targets that phase `phase` of trial `index` reads
  kTrial,  ///< run trial `index`
  kTest,   ///< read the test split with trial `index` at `steps`
};

/// A piece of a study that one worker does at a stretch. Done jobs are done: each job leaves its
/// result in the study's folder and finds it there the next time.
struct Job {
  JobKind kind = JobKind::kTeach;
  std::size_t index = 0;            ///< of the plan's trials
  std::size_t phase = 0;            ///< kLabel only; of phases(trial)
  std::vector<std::int64_t> steps;  ///< kTest only
};

/// One line of text for a job, and back. Throws std::invalid_argument.
std::string to_line(const Job& job);
Job parse_job(std::string_view line);

}  // namespace tandem
