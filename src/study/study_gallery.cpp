#include "study_gallery.h"

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "draw_gallery.h"
#include "tandem/core/fingerprint.h"
#include "tandem/core/folder_entries.h"
#include "tandem/label/student_store.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// The trials of the study's first seed and rate that learn from [base]'s samples, one of a cell,
/// as far as their teachers and targets are there.
std::vector<const PlannedTrial*> shown_trials(const StudyPlan& plan, StudyJobs& jobs) {
  const TrialConfig& first = plan.trials.front().config;
  std::vector<const PlannedTrial*> shown;
  for (const PlannedTrial& trial : plan.trials) {
    if (trial.config.seed == first.seed && trial.config.train.rate == first.train.rate &&
        config_text(trial.config.data) == config_text(first.data) && !trial.id.empty() &&
        jobs.has_targets(trial)) {
      shown.push_back(&trial);
    }
  }
  return shown;
}

}  // namespace

std::string draw_study_gallery(const StudyPlan& plan, const StudyFolder& folder, StudyJobs& jobs,
                               DataCache& data) {
  const std::vector<const PlannedTrial*> shown = shown_trials(plan, jobs);
  if (shown.empty()) {
    return "";
  }
  Fingerprinter hash;
  for (const PlannedTrial* trial : shown) {
    hash.text(plan.cell_of(*trial).record.name).text(trial->id);
  }
  const std::string file = "gallery/" + hash.digest().hex().substr(0, 16) + ".safetensors";
  if (fs::exists(folder.root() / file)) {
    return file;
  }
  std::vector<std::unique_ptr<Mapping>> owned;
  std::vector<std::pair<std::string, Mapping*>> mappings;
  for (const PlannedTrial* trial : shown) {
    const Cell& cell = plan.cell_of(*trial);
    const TrialSources sources = jobs.sources(trial->config);
    owned.push_back(make_mapping(cell.mappings.front().spec,
                                 mapped_samples(trial->config, data.splits(trial->config.data)),
                                 target_sources(trial->config, sources, data)));
    mappings.emplace_back(cell.record.name, owned.back().get());
  }
  const TrialConfig& base = shown.front()->config;
  write_gallery(folder.root() / file, draw_gallery(data.splits(base.data), base, mappings));
  return file;
}

void remove_other_galleries(const StudyFolder& folder, const std::string& kept) {
  const fs::path galleries = folder.root() / "gallery";
  for (const fs::path& path :
       fs::exists(galleries) ? entries_in(galleries) : std::vector<fs::path>{}) {
    if (path != folder.root() / kept) {
      fs::remove(path);
    }
  }
}

}  // namespace tandem
