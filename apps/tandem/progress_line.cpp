#include "progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "console.h"
#include "tandem/core/printable.h"

namespace tandem {
namespace {

constexpr std::chrono::milliseconds kTerminalInterval{200};
constexpr std::chrono::seconds kLogInterval{10};
constexpr double kEnoughToExtrapolate = 0.01;

std::size_t terminal_columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
                       : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

ProgressLine::ProgressLine(std::string title)
    : title_(std::move(title)), terminal_(::isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
  if (drawn_) {
    tell("\r\033[K");
  }
}

void ProgressLine::update(double share, const std::string& text) {
  const auto now = Clock::now();
  if (first_share_ < 0) {
    first_share_ = share;  // work that an earlier run did says nothing about this one's speed
    last_print_ = now - (terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(0));
  }
  if (now - last_print_ <
      (terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(kLogInterval))) {
    return;
  }
  last_print_ = now;
  const double elapsed = std::chrono::duration<double>(now - begin_).count();
  const double gained = share - first_share_;
  const std::string left =
      gained < kEnoughToExtrapolate ? "-:--" : clock_text(elapsed * (1 - share) / gained);
  std::string line = fmt::format("{:<6}{:4.0f} %  elapsed {}  left {}  {}", title_, 100 * share,
                                 clock_text(elapsed), left, printable(text, LineEnds::kShown));
  if (terminal_) {
    line.resize(std::min(line.size(), terminal_columns() - 1));
    tell("\r\033[K{}", line);
    drawn_ = true;
  } else {
    tell("{}\n", line);
  }
}

void ProgressLine::print_above(const std::string& text) {
  tell("{}{}\n", drawn_ ? "\r\033[K" : "", printable(text));
  drawn_ = false;
}

}  // namespace tandem
