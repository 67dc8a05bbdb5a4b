#include "tandem/study/job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tandem {
namespace {

constexpr std::array<std::pair<JobKind, std::string_view>, 4> kKinds{{{JobKind::kTeach, "teach"},
                                                                      {JobKind::kLabel, "label"},
                                                                      {JobKind::kTrial, "trial"},
                                                                      {JobKind::kTest, "test"}}};

}  // namespace

std::string to_line(const Job& job) {
  for (const auto& [kind, name] : kKinds) {
    if (kind == job.kind) {
      return fmt::format("{} {} {} {}", name, job.index, job.phase, fmt::join(job.steps, " "));
    }
  }
  throw std::invalid_argument("to_line: unknown kind of job");
}

Job parse_job(std::string_view line) {
  std::istringstream stream{std::string(line)};
  std::string name;
  Job job;
  stream >> name >> job.index >> job.phase;
  for (const auto& [kind, known] : kKinds) {
    if (name == known && stream) {
      job.kind = kind;
      for (std::int64_t step = 0; stream >> step;) {
        job.steps.push_back(step);
      }
      return job;
    }
  }
  throw std::invalid_argument(fmt::format("not a job: '{}'", line));
}

}  // namespace tandem
