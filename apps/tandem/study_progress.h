#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "progress_line.h"
#include "tandem/study/run_study.h"

namespace tandem {

/// Shows a study's phases on the terminal, with a progress line for the running one.
class StudyProgress : public StudyObserver {
 public:
  void on_phase(const std::string& name, std::size_t jobs, std::size_t skipped) override;
  void on_progress(const PoolProgress& progress) override;
  void on_phase_end() override;

 private:
  std::optional<ProgressLine> line_;
  std::string name_;
  std::size_t jobs_ = 0, skipped_ = 0;
  std::chrono::steady_clock::time_point begin_;
};

/// Command that starts one worker of `tandem study` on `folder`.
std::vector<std::string> study_worker_command(const std::string& program, const std::string& folder,
                                              const std::string& command);

}  // namespace tandem
