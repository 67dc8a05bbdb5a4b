#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "progress_line.h"
#include "tandem/study/run_study.h"

namespace tandem {

/// Shows a study's stages on the terminal, with a progress line for the running one.
class StudyProgress : public StudyObserver {
 public:
  void on_stage(const std::string& name, std::size_t jobs, std::size_t skipped) override;
  void on_progress(const PoolProgress& progress) override;
  void on_stage_end(std::size_t failed) override;
  void on_note(const std::string& text) override;
  void on_failure(const FailureRecord& failure) override;

 private:
  std::optional<ProgressLine> line_;
  std::string name_;
  std::size_t jobs_ = 0, skipped_ = 0;
  std::chrono::steady_clock::time_point begin_;
  std::set<std::string> told_reasons_;
};

}  // namespace tandem
