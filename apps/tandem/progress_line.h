#pragma once

#include <chrono>
#include <string>

namespace tandem {

/// One line on standard error that says how far long work is and how much time is left: redrawn in
/// place on a terminal, printed every ten seconds otherwise.
class ProgressLine {
 public:
  explicit ProgressLine(std::string title);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// `share` of the work is done, 0..1; `text` says what is being done.
  void update(double share, const std::string& text);

  /// Prints `text` as a line of its own, above the progress line.
  void print_above(const std::string& text);

 private:
  using Clock = std::chrono::steady_clock;

  std::string title_;
  bool terminal_;
  bool drawn_ = false;
  double first_share_ = -1;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_print_;
};

/// "0:07", "12:30", "1:02:03".
std::string clock_text(double seconds);

}  // namespace tandem
