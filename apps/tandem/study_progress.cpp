#include "study_progress.h"

#include <fmt/format.h>

#include "console.h"

namespace tandem {

void StudyProgress::on_stage(const std::string& name, std::size_t jobs, std::size_t skipped) {
  begin_ = std::chrono::steady_clock::now();
  name_ = name;
  jobs_ = jobs;
  skipped_ = skipped;
  line_.emplace(name);
}

void StudyProgress::on_progress(const PoolProgress& progress) {
  std::string text = fmt::format("{}/{}", progress.done, progress.total);
  for (const std::string& title : progress.running) {
    text += "  [" + title + "]";
  }
  line_->update(progress.share, text);
}

void StudyProgress::on_stage_end(std::size_t failed) {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
  const std::string before = skipped_ > 0 ? fmt::format(", {} done before", skipped_) : "";
  const std::string failures = failed > 0 ? fmt::format(", {} failed", failed) : "";
  line_->print_above(fmt::format("{:<6} {} done{}{} ({})", name_, jobs_ - failed, before, failures,
                                 clock_text(elapsed.count())));
  line_.reset();
}

void StudyProgress::on_note(const std::string& text) {
  line_ ? line_->print_above(text) : tell("{}\n", text);
}

void StudyProgress::on_failure(const FailureRecord& failure) {
  if (told_reasons_.insert(failure.reason).second) {  // all are listed at the end
    on_note(fmt::format("failed: {}: {}", failure.job, failure.reason));
  }
}

}  // namespace tandem
