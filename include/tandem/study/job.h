#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/label/label_config.h"
#include "tandem/learn/trial_config.h"
#include "tandem/study/ladder_config.h"

namespace tandem {

/// A piece of a study that one worker does at a stretch, with everything that it takes: whoever is
/// given it needs no plan. Done jobs are done: each leaves its result in a file or folder and finds
/// it there the next time.
struct Job {
  std::string kind;     ///< teach, label, trial or test
  std::string result;   ///< the file or folder that it makes, or adds to
  std::string command;  ///< what the user typed, for the records

  LadderConfig ladder;  ///< teach
  DataConfig data;      ///< teach: what the ladder learns from

  LabelConfig label;  ///< label

  /// Fingerprints of the training, validation and test part that it was planned on, as far as it
  /// reads them.
  std::vector<std::string> content;

  TrialConfig trial;                  ///< trial and test
  std::string id, cell;               ///< trial
  std::vector<std::string> sources;   ///< trial: fingerprints of teachers and stores
  std::vector<std::string> names;     ///< label and trial: what the target calls its teachers ...
  std::vector<std::string> files;     ///< ... and their files
  std::vector<std::string> stores;    ///< trial: of each mapping; empty where it needs none
  std::vector<std::int64_t> budgets;  ///< trial
  std::vector<std::int64_t> steps;    ///< test

  void visit(ConfigVisitor& visitor);
};

/// One line of text for a job, and back. Throws std::invalid_argument.
std::string to_line(const Job& job);
Job parse_job(std::string_view line);

}  // namespace tandem
