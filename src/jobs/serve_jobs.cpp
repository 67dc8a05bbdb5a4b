#include "tandem/jobs/serve_jobs.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "tandem/core/error_text.h"
#include "tandem/core/interrupted.h"

namespace tandem {
namespace {

constexpr std::chrono::milliseconds kReportEvery{100};

/// Writes "progress <done> <total>", not too often.
class ProgressWriter {
 public:
  explicit ProgressWriter(std::ostream& output) : output_(output) {}

  void write(const Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_report_ >= kReportEvery) {
      last_report_ = now;
      output_ << "progress " << progress.done << ' ' << progress.total << std::endl;
    }
  }

 private:
  std::ostream& output_;
  std::chrono::steady_clock::time_point last_report_;
};

}  // namespace

void serve_jobs(const DoJob& do_job, std::istream& input, std::ostream& output,
                std::stop_token stop) {
  for (std::string line; !stop.stop_requested() && output && std::getline(input, line);) {
    ProgressWriter writer(output);
    try {
      do_job(
          line, [&](const Progress& progress) { writer.write(progress); }, stop);
      output << "done" << std::endl;
    } catch (const Interrupted&) {
      return;
    } catch (const std::exception& error) {
      std::string message = error_text(error);
      std::replace(message.begin(), message.end(), '\n', ' ');
      output << "failed " << message << std::endl;
    }
  }
}

}  // namespace tandem
