// The readers of records: of trials, of studies and of ladders of teachers.

#include "file_bytes.h"
#include "fuzz_target.h"
#include "tandem/record/study_record.h"
#include "tandem/record/trial_record.h"

namespace tandem {

void read_input(std::string_view bytes) {
  const std::string text(bytes);
  read_or_refuse([&] { to_json(trial_from_json(text, "fuzz")); });
  read_or_refuse([&] { to_json(study_from_json(text, "fuzz")); });
  read_or_refuse([&] { to_json(teachers_from_json(text, "fuzz")); });
}

void write_seeds(const std::filesystem::path& folder) {
  const auto write = [&](const std::string& name, const std::string& text) {
    write_bytes(folder / name, Bytes(text.begin(), text.end()));
  };
  TrialRecord trial;
  trial.evaluations = {Evaluation{}};
  write("trial", to_json(trial));
  StudyRecord study;
  study.cells = {CellRecord{}};
  study.planned.resize(1);
  write("study", to_json(study));
  write("teachers", to_json(std::vector<TeacherRecord>(1)));
}

}  // namespace tandem
