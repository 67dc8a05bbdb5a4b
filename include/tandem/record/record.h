#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <torch/types.h>

#include "tandem/record/evaluation.h"

namespace tandem {

/// One reading of the test split, made after the study's choices were fixed.
struct TestResult {
  std::int64_t step = 0;
  double loss = 0;
  double top1_pct = 0;
};

/// One change of the mapping in force.
struct SwitchRecord {
  std::int64_t step = 0;   ///< steps done before it
  std::string rule;        ///< as in target.switch
  std::int64_t phase = 0;  ///< the mapping in force from then on; the first is 0
};

/// Where and by what a number was made.
struct Provenance {
  std::string tandem_version, commit, compiler, torch_version, cpu, os, command, started_utc;
  std::int64_t cores = 0;
  std::int64_t threads = 0;  ///< threads that one trial used
};

/// What one trial measured.
struct TrialRecord {
  std::string id;
  std::string cell;  ///< name of the cell it belongs to
  double rate = 0;   ///< peak learning rate
  std::uint64_t seed = 0;
  std::string outcome;          ///< "finished" or "diverged"
  std::string message;          ///< why, where it diverged
  std::int64_t parameters = 0;  ///< trainable scalars of the student
  double labelling_s = 0;       ///< teacher seconds before the first step (targets computed once)
  std::vector<SwitchRecord>
      switches;  ///< that happened, in order; none in records without the list
  std::vector<Evaluation> evaluations;
  std::vector<TestResult> tests;  ///< by step; empty unless the trial was chosen
  Provenance provenance;
};

/// One row of a study's grid: a way to supervise, over all rates and seeds. Where the mapping
/// changes during training, its first is described.
struct CellRecord {
  std::string name;                         ///< e.g. "view probs strong"
  std::string granularity;                  ///< class, sample, view, ...
  std::string content;                      ///< one-hot, probs, ...
  std::string fusion;                       ///< canonical, mean:M; empty for view and one-hot
  std::string teacher;                      ///< name of a TeacherRecord; empty without one
  bool baseline = false;                    ///< the cell that others are compared with
  std::vector<std::string> later_teachers;  ///< those that the cell's switches bring

  bool has_teacher() const { return !teacher.empty() || !later_teachers.empty(); }
};

/// A checkpoint of the ladder.
struct TeacherRecord {
  std::string name;  ///< e.g. "weak"
  std::int64_t step = 0;
  double train_s = 0;  ///< seconds of training up to this checkpoint
  double validation_top1_pct = 0;
  std::string model;  ///< e.g. "resnet8 width 16, 78,042 parameters"
};

/// Some samples, their views and their targets under each cell, for a person to look at.
struct Gallery {
  torch::Tensor samples;                         ///< uint8 [s, channels, height, width]
  torch::Tensor views;                           ///< uint8 [s, v, channels, height, width]
  torch::Tensor labels;                          ///< int64 [s]
  std::map<std::string, torch::Tensor> targets;  ///< cell name -> fp32 [s, v, classes]
};

/// Everything a report is made from.
struct StudyRecord {
  std::string name;
  std::string title;
  std::string config;  ///< the study's TOML, overrides included
  std::string dataset;
  std::string views;    ///< student's view policy
  std::string student;  ///< e.g. "convnet3 width 16"
  std::vector<std::string> class_names;
  std::int64_t train_size = 0, validation_size = 0, test_size = 0;
  std::int64_t batch_size = 0;
  std::vector<std::int64_t> budgets;  ///< steps at which strategies are compared, ascending
  std::vector<double> goals_pct;      ///< accuracies whose reaching is timed
  std::vector<double> rates;          ///< the grid that each cell was tuned on
  std::vector<std::uint64_t> seeds;
  std::vector<CellRecord> cells;
  std::vector<TeacherRecord> teachers;
  std::vector<TrialRecord> trials;
  Gallery gallery;
  Provenance provenance;
};

/// JSON of one trial, as it stands in trials/<id>/record.json. Finite numbers come back bit for
/// bit; what is not finite is written as null and comes back as NaN. trial_from_json throws
/// std::runtime_error that starts with `source`.
std::string trial_to_json(const TrialRecord& trial);
TrialRecord trial_from_json(const std::string& json, const std::string& source);

}  // namespace tandem
