#include "describe_study.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {
namespace {

PartRecord part_of(const Dataset& dataset) {
  return {.size = dataset.size(), .fingerprint = dataset.fingerprint().hex()};
}

std::string data_text(const StudyRecord& study) {
  return fmt::format("training samples {}\nvalidation samples {}\ntest samples {}\nviews {}\n",
                     study.train.fingerprint, study.validation.fingerprint, study.test.fingerprint,
                     study.views_fingerprint);
}

}  // namespace

StudyRecord describe_study(const StudyPlan& plan, DataCache& data, const std::string& student,
                           const std::string& command) {
  const TrialConfig& base = plan.base;
  const Splits& splits = data.splits(base.data);
  StudyRecord study;
  study.name = plan.config.name;
  study.title = plan.config.title.empty() ? plan.config.name : plan.config.title;
  study.config = plan.text;
  study.dataset = base.data.name;
  if (const std::string samples = samples_text(base.data); !samples.empty()) {
    study.dataset += ", " + samples;
  }
  study.views = base.views.policy;
  study.student = student;
  study.class_names = splits.train.class_names();
  study.train = part_of(splits.train);
  study.validation = part_of(splits.validation);
  study.test = part_of(data.test(base.data));
  study.views_fingerprint = ViewPolicy().fingerprint().hex();
  study.batch_size = base.train.batch;
  study.budgets = plan.config.budgets;
  study.goals_pct = plan.config.goals;
  study.rates = plan.config.rates;
  study.seeds.assign(plan.config.seeds.begin(), plan.config.seeds.end());
  for (const Cell& cell : plan.cells) {
    study.cells.push_back(cell.record);
  }
  add_trials(study, plan);
  study.provenance = current_provenance(base.train.threads, command);
  return study;
}

void add_trials(StudyRecord& study, const StudyPlan& plan) {
  study.planned.clear();
  for (const PlannedTrial& trial : plan.trials) {
    study.planned.push_back({.id = trial.id,
                             .cell = plan.cell_of(trial).record.name,
                             .rate = trial.config.train.rate,
                             .seed = static_cast<std::uint64_t>(trial.config.seed)});
  }
}

void check_same_data(const StudyFolder& folder, const StudyRecord& earlier,
                     const StudyRecord& now) {
  if (data_text(earlier) != data_text(now)) {
    throw std::runtime_error(fmt::format(
        "{} holds results of other data: expected\n{}found\n{}choose another --out, or bring the "
        "old data back",
        folder.root().string(), data_text(earlier), data_text(now)));
  }
}

}  // namespace tandem
