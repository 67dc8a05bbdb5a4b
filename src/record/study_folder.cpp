#include "tandem/record/study_folder.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/atomic_file.h"

namespace tandem {
namespace fs = std::filesystem;

StudyRecord read_study(const StudyFolder& folder) {
  if (!fs::exists(folder.record())) {
    const std::string root = folder.root().string();
    throw std::runtime_error(
        fs::exists(folder.config())
            ? fmt::format("{}: its results are of an older format, without study.json; `tandem "
                          "study run {} --out {}` adds what is missing and keeps what is there",
                          root, folder.config().string(), root)
            : fmt::format("{}: no study.json, so no study stands here; expected a folder that "
                          "`tandem study run` made",
                          root));
  }
  StudyRecord study = study_from_json(read_file(folder.record()), folder.record().string());
  for (const PlannedTrialRecord& planned : study.planned) {
    if (!planned.id.empty() && fs::exists(folder.trial(planned.id))) {
      study.trials.push_back(read_trial(folder.trial(planned.id)));
      study.trials.back().cell = planned.cell;
    }
  }
  if (!study.trials.empty()) {
    study.provenance = study.trials.front().provenance;
  }
  if (!study.gallery_file.empty()) {
    study.gallery = read_gallery(folder.root() / study.gallery_file);
  }
  return study;
}

}  // namespace tandem
