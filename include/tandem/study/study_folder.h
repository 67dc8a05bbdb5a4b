#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tandem/record/record.h"
#include "tandem/study/study_config.h"

namespace tandem {

/// Where a study's files stand: study.toml, teachers/, targets/, trials/ and gallery/.
/// Every name holds a hash of what decides the content, so a changed study never reads old results.
class StudyFolder {
 public:
  explicit StudyFolder(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path config() const { return root_ / "study.toml"; }
  std::filesystem::path data() const { return root_ / "data.txt"; }
  std::filesystem::path report() const { return root_ / "report"; }

  /// Folder of the ladder that `plan` trains.
  std::filesystem::path ladder(const StudyPlan& plan) const;

  /// Checkpoint of a cell's teacher: a rung of the ladder, or the file that the cell names.
  std::filesystem::path teacher(const StudyPlan& plan, const std::string& name) const;

  /// Store of targets that the study makes for a trial of one mapping (see phases()); nothing where
  /// the trial names a store of its own, where the teacher answers online, and where none does.
  std::optional<std::filesystem::path> table(const StudyPlan& plan,
                                             const PlannedTrial& planned) const;

  std::filesystem::path gallery(const StudyPlan& plan) const;

  std::filesystem::path trial(const std::string& id) const { return root_ / "trials" / id; }

 private:
  std::filesystem::path root_;
};

/// Everything that stands in a study's folder, for a report. Trials that are not finished are left
/// out.
StudyRecord read_study(const StudyFolder& folder, const StudyPlan& plan);

}  // namespace tandem
