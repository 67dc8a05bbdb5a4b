#include "samples_notes.h"

#include <fmt/format.h>

#include "tandem/model/weights.h"
#include "tandem/sample/splits.h"

namespace tandem {

std::map<std::string, std::string> notes_on_samples(const DataConfig& data) {
  std::map<std::string, std::string> notes{{kTrainedOnNote, split_text(data)}};
  if (const std::string samples = samples_text(data); !samples.empty()) {
    notes["learnt_from"] = samples;
  }
  return notes;
}

void note_look(std::map<std::string, std::string>& notes, const Evaluation& look) {
  notes["step"] = fmt::format("{}", look.step);
  notes["validation_top1_pct"] = fmt::format("{}", look.validation_top1_pct);
}

}  // namespace tandem
