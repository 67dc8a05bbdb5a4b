#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tandem/record/evaluation.h"
#include "tandem/record/provenance.h"

namespace tandem {

/// One reading of the test split, made after the study's choices were fixed.
struct TestResult {
  std::int64_t step = 0;
  double loss = 0;
  double top1_pct = 0;

  /// See record/fields.h.
  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("step", self.step, "steps done");
    field("loss", self.loss, "mean cross-entropy on the test split");
    field("top1_pct", self.top1_pct, "accuracy on the test split");
  }
};

/// One change of the mapping in force.
struct SwitchRecord {
  std::int64_t step = 0;
  std::string rule;
  std::int64_t phase = 0;

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("step", self.step, "steps done before it");
    field("rule", self.rule, "as in target.switch");
    field("phase", self.phase, "the mapping in force from then on; the first is 0");
  }
};

/// The content behind the names that a trial's config uses, as fingerprints.
struct ContentRecord {
  std::string train;
  std::string validation;
  std::string test;
  std::vector<std::string> sources;

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("train", self.train, "the samples that were learnt from");
    field("validation", self.validation, "the samples that choices were made on");
    field("test", self.test, "the samples of the final numbers");
    field("sources", self.sources, "teachers and stores, in the order of the mappings");
  }
};

/// What one trial measured.
struct TrialRecord {
  std::string id;
  std::string cell;
  double rate = 0;
  std::uint64_t seed = 0;
  std::string outcome;  ///< "finished" or "diverged"
  std::string message;
  std::int64_t parameters = 0;
  double labelling_s = 0;
  ContentRecord content;
  std::vector<SwitchRecord> switches;
  std::vector<Evaluation> evaluations;
  std::vector<TestResult> tests;  ///< by step; empty unless the trial was chosen
  Provenance provenance;

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("id", self.id, "names the trial: of all that decides its result");
    field("cell", self.cell, "name of the cell it belongs to");
    field("rate", self.rate, "peak learning rate");
    field("seed", self.seed, "of weights, order and views");
    field("outcome", self.outcome, "finished or diverged");
    field("message", self.message, "why, where it diverged");
    field("parameters", self.parameters, "trainable scalars of the student");
    field("labelling_s", self.labelling_s, "teacher seconds before the first step");
    field("content", self.content, "what the config's names stood for");
    field("switches", self.switches, "changes of the mapping that happened, in order");
    field("evaluations", self.evaluations, "looks at the validation split");
    field("tests", self.tests, "readings of the test split");
    field("provenance", self.provenance, "where and by what it was made");
  }
};

/// The record as JSON. Finite numbers come back bit for bit; what is not finite is written as null
/// and comes back as NaN.
std::string to_json(const TrialRecord& trial);

/// Throws std::runtime_error that starts with `source` for what is no record, or one of a version
/// to come. Of an older version that lacks a field, numbers are NaN and the rest is empty.
TrialRecord trial_from_json(const std::string& json, const std::string& source);

/// What to do about a finished trial's folder that is damaged.
inline constexpr const char* kTrainAnew =
    "delete the folder and run the same command again, which trains it anew";

/// Record of the finished trial in `folder`. Throws std::runtime_error that names the path, also
/// where the folder's checksums are of another record.
TrialRecord read_trial(const std::filesystem::path& folder);

/// Where it stands.
std::filesystem::path trial_record_path(const std::filesystem::path& folder);

}  // namespace tandem
