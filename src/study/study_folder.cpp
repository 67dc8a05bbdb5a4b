#include "tandem/study/study_folder.h"

#include <fmt/format.h>

#include "study_teachers.h"
#include "tandem/core/fingerprint.h"
#include "tandem/label/label_config.h"
#include "tandem/sample/splits.h"
#include "tandem/study/gallery.h"
#include "tandem/study/trial.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

std::string short_hash(const std::vector<std::string>& texts) {
  Fingerprinter hash;
  for (const std::string& text : texts) {
    hash.text(text);
  }
  return hash.digest().hex().substr(0, 12);
}

}  // namespace

fs::path StudyFolder::ladder(const StudyPlan& plan) const {
  return root_ / "teachers" /
         short_hash(
             {config_text(plan.ladder), config_text(plan.base.data), plan.base_data_identity});
}

fs::path StudyFolder::teacher(const StudyPlan& plan, const std::string& name) const {
  return has_rung(plan.ladder, name) ? rung_path(ladder(plan), name) : fs::path(name);
}

std::optional<fs::path> StudyFolder::table(const StudyPlan& plan,
                                           const PlannedTrial& planned) const {
  const TrialConfig& trial = planned.config;
  if (!trial.target.store.empty() || trial.target.teacher.empty() ||
      is_per_view(parse_granularity(trial.target.granularity))) {
    return std::nullopt;
  }
  LabelConfig label = label_config_of(trial);
  if (fusion_views(label.target.fusion) == 0) {
    label.views = {};
  }
  label.threads = 1;
  label.device.clear();  // neither decides what is stored
  const std::string hash =
      short_hash({config_text(label), plan.teacher_identities.at(trial.target.teacher),
                  plan.cells[planned.cell].data_identity});
  return root_ / "targets" / (hash + ".safetensors");
}

fs::path StudyFolder::gallery(const StudyPlan& plan) const {
  std::vector<std::string> texts{plan.text};
  for (const Cell& cell : plan.cells) {
    texts.push_back(cell.teacher_identity + cell.data_identity);
  }
  return root_ / "gallery" / (short_hash(texts) + ".safetensors");
}

StudyRecord read_study(const StudyFolder& folder, const StudyPlan& plan) {
  const TrialConfig& base = plan.base;
  StudyRecord study;
  study.name = plan.config.name;
  study.title = plan.config.title.empty() ? plan.config.name : plan.config.title;
  study.config = plan.text;
  study.dataset = base.data.name;
  if (const std::string samples = samples_text(base.data); !samples.empty()) {
    study.dataset += ", " + samples;
  }
  study.views = base.views.policy;
  study.batch_size = base.train.batch;
  study.budgets = plan.config.budgets;
  study.goals_pct = plan.config.goals;
  study.rates = plan.config.rates;
  study.seeds.assign(plan.config.seeds.begin(), plan.config.seeds.end());
  for (const Cell& cell : plan.cells) {
    study.cells.push_back(cell.record);
  }
  if (plan.has_ladder()) {
    study.teachers = read_ladder(folder.ladder(plan));
  }
  for (const PlannedTrial& planned : plan.trials) {
    if (fs::exists(folder.trial(planned.id))) {
      study.trials.push_back(read_trial(folder.trial(planned.id)));
      study.trials.back().cell = plan.cells[planned.cell].record.name;
    }
  }

  const Splits splits = load_splits(base.data);
  study.class_names = splits.train.class_names();
  study.train_size = splits.train.size();
  study.validation_size = splits.validation.size();
  study.test_size = load_test_split(base.data).size();
  if (fs::exists(folder.gallery(plan))) {
    study.gallery = read_gallery(folder.gallery(plan));
  }
  if (!study.trials.empty()) {
    study.provenance = study.trials.front().provenance;
    study.student = base.model.width > 0
                        ? fmt::format("{} width {}", base.model.name, base.model.width)
                        : base.model.name;
    study.student += fmt::format(", {} parameters", study.trials.front().parameters);
  }
  return study;
}

}  // namespace tandem
