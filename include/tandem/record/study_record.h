#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/record/gallery.h"
#include "tandem/record/trial_record.h"

namespace tandem {

/// What `paired_in` says of a cell whose trials share everything with the baseline's.
inline constexpr std::string_view kPairedInAll = "weights, batches, views";

/// One row of a study's grid: a way to supervise, over all rates and seeds. Where the mapping
/// changes during training, its first is described.
struct CellRecord {
  std::string name;
  std::string granularity;
  std::string content;
  std::string fusion;
  std::string teacher;
  bool baseline = false;
  std::vector<std::string> later_teachers;
  double batch_size = std::numeric_limits<double>::quiet_NaN();
  std::string paired_in;
  std::vector<std::string> teachers;

  /// Whether a teacher is behind its targets. Those that are not made of labels alone are a
  /// teacher's, also where a store holds them and nobody is named.
  /// Whether equal seeds are known to share less with the baseline than weights, batches and views.
  bool is_paired_in_part() const { return !paired_in.empty() && paired_in != kPairedInAll; }

  bool has_teacher() const {
    const bool of_labels = content.empty() || content == "one-hot" || content == "smoothed";
    return !of_labels || !teachers.empty() || !teacher.empty() || !later_teachers.empty();
  }

  /// See record/fields.h.
  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("name", self.name, "of the cell, e.g. \"view probs strong\"");
    field("granularity", self.granularity, "who shares a target: class, cluster:K, sample, ...");
    field("content", self.content, "what a target is: one-hot, probs, ...");
    field("fusion", self.fusion, "canonical or mean:M; empty for view and one-hot");
    field("teacher", self.teacher, "who answers; empty without one");
    field("baseline", self.baseline, "whether others are compared with it");
    field("later_teachers", self.later_teachers, "those that the cell's switches bring");
    field("batch_size", self.batch_size, "samples per step");
    field("paired_in", self.paired_in,
          "what equal seeds share with the baseline: weights, batches, views; empty: not recorded");
    field("teachers", self.teachers,
          "all behind its targets, one by one: names, and the fingerprint of who labelled a store");
  }
};

/// A checkpoint of a ladder of teachers.
struct TeacherRecord {
  std::string name;
  std::int64_t step = 0;
  double train_s = 0;
  double validation_top1_pct = 0;
  std::string model;
  std::string fingerprint;

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("name", self.name, "rung, e.g. \"weak\"");
    field("step", self.step, "steps of its training");
    field("train_s", self.train_s, "seconds of training up to this rung");
    field("validation_top1_pct", self.validation_top1_pct, "accuracy on the validation split");
    field("model", self.model, "e.g. \"resnet8 width 16, 78,042 parameters\"");
    field("fingerprint", self.fingerprint, "of weights and normalisation");
  }
};

/// A part of the data, by content.
struct PartRecord {
  std::int64_t size = 0;
  std::string fingerprint;

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("size", self.size, "samples");
    field("fingerprint", self.fingerprint, "of pixels, labels and class names");
  }
};

/// Whether a trial of the grid is done is not said here, but by its folder.
struct PlannedTrialRecord {
  std::string id;
  std::string cell;
  double rate = 0;
  std::uint64_t seed = 0;

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("id", self.id, "its folder; empty until its teachers are trained");
    field("cell", self.cell, "name of the cell it belongs to");
    field("rate", self.rate, "peak learning rate");
    field("seed", self.seed, "of weights, order and views");
  }
};

/// A piece of a study that could not be done the last time it was run.
struct FailureRecord {
  std::string stage;
  std::string job;
  std::string reason;

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("stage", self.stage, "teach, label, train, test or gallery");
    field("job", self.job, "e.g. \"view probs strong, rate 0.1, seed 2\"");
    field("reason", self.reason, "what was expected, what came and where");
  }
};

/// Everything a report is made from. A study's folder holds it in parts: study.json all but
/// trials and gallery, and those one by one.
struct StudyRecord {
  std::string name;
  std::string title;
  std::string config;
  std::string dataset;
  std::string views;
  std::string student;
  std::vector<std::string> class_names;
  PartRecord train;
  PartRecord validation;
  PartRecord test;
  std::string views_fingerprint;
  std::int64_t batch_size = 0;
  std::vector<std::int64_t> budgets;
  std::vector<double> goals_pct;
  std::vector<double> rates;
  std::vector<std::uint64_t> seeds;
  std::vector<CellRecord> cells;
  std::vector<TeacherRecord> teachers;
  std::vector<PlannedTrialRecord> planned;
  std::string gallery_file;
  std::vector<FailureRecord> failures;
  Provenance provenance;

  std::vector<TrialRecord> trials;  ///< that are finished, in the order of `planned`
  Gallery gallery;                  ///< undefined tensors until it is drawn

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("name", self.name, "of the study");
    field("title", self.title, "the question it asks");
    field("config", self.config, "its TOML, overrides included");
    field("dataset", self.dataset, "of [base]");
    field("views", self.views, "students' view policy");
    field("student", self.student, "e.g. \"convnet3 width 16, 7,748 parameters\"");
    field("class_names", self.class_names, "in the order of their ids");
    field("train", self.train, "what [base] learns from");
    field("validation", self.validation, "held out; every choice is made on it");
    field("test", self.test, "read once, at the end");
    field("views_fingerprint", self.views_fingerprint, "of the definition of views");
    field("batch_size", self.batch_size, "samples per step, of [base]");
    field("budgets", self.budgets, "steps at which cells are compared, ascending");
    field("goals_pct", self.goals_pct, "accuracies whose reaching is timed");
    field("rates", self.rates, "the grid that each cell was tuned on");
    field("seeds", self.seeds, "one paired trial per seed, cell and rate");
    field("cells", self.cells, "rows of the grid");
    field("teachers", self.teachers, "rungs of the ladder");
    field("planned", self.planned, "every trial of the grid");
    field("gallery_file", self.gallery_file, "below the folder; empty until it is drawn");
    field("failures", self.failures, "of the last run; the next one tries them again");
    field("provenance", self.provenance, "where and by what it was made");
  }
};

/// study.json: the study without trials and gallery.
std::string to_json(const StudyRecord& study);

/// The same with the records of its trials under "trials".
std::string whole_json(const StudyRecord& study);

/// Throws as trial_from_json does.
StudyRecord study_from_json(const std::string& json, const std::string& source);

/// Records of a ladder of teachers, as they stand in ladder.json.
std::string to_json(const std::vector<TeacherRecord>& teachers);
std::vector<TeacherRecord> teachers_from_json(const std::string& json, const std::string& source);

}  // namespace tandem
