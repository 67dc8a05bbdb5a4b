#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "tandem/record/study_record.h"

namespace tandem {

/// Where the parts of a study stand. Those that are named by an id or a hash are named by what
/// decides their content, so a changed study never reads old results.
class StudyFolder {
 public:
  explicit StudyFolder(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path config() const { return root_ / "study.toml"; }
  std::filesystem::path record() const { return root_ / "study.json"; }
  std::filesystem::path report() const { return root_ / "report"; }
  std::filesystem::path trials() const { return root_ / "trials"; }
  std::filesystem::path trial(const std::string& id) const { return trials() / id; }
  std::filesystem::path ladders() const { return root_ / "teachers"; }
  std::filesystem::path ladder(const std::string& hash) const { return ladders() / hash; }
  std::filesystem::path targets(const std::string& hash) const {
    return root_ / "targets" / (hash + ".safetensors");
  }

 private:
  std::filesystem::path root_;
};

/// The study that stands in `folder`, as far as it has come, from what is written there and nothing
/// else. Throws std::runtime_error that says what to do for a folder without study.json, and for
/// files that are damaged.
StudyRecord read_study(const StudyFolder& folder);

}  // namespace tandem
