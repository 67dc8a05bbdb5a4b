#include "tandem/study/ladder_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>

#include "check_names.h"

namespace tandem {
namespace {

constexpr const char* kReservedRung = "checkpoint";  // the training state's file

}  // namespace

bool LadderConfig::has_rung(const std::string& name) const {
  return std::find(rungs.begin(), rungs.end(), name) != rungs.end();
}

void LadderConfig::visit(ConfigVisitor& visitor) {
  visitor.field("seed", seed);
  visitor.field("rungs", rungs);
  visitor.field("steps", steps);
  visitor.field("smoothing", smoothing);
  visitor.section("views", views);
  visitor.section("model", model);
  visitor.section("train", train);
}

void check(const LadderConfig& config, std::int64_t train_size) {
  const std::int64_t total = total_steps(config.train, train_size);
  if (config.rungs.empty() || config.rungs.size() != config.steps.size()) {
    throw std::invalid_argument(
        fmt::format("rungs: expected as many rungs as steps and at least one, got {} and {}",
                    config.rungs.size(), config.steps.size()));
  }
  if (!(config.smoothing >= 0 && config.smoothing <= 1)) {
    throw std::invalid_argument(
        fmt::format("smoothing: expected a number in 0..1, got {}", config.smoothing));
  }
  const bool ascends = std::adjacent_find(config.steps.begin(), config.steps.end(),
                                          std::greater_equal<>()) == config.steps.end();
  if (!ascends || config.steps.front() < 1 || config.steps.back() > total) {
    throw std::invalid_argument(fmt::format("steps: expected ascending steps in 1..{}, got [{}]",
                                            total, fmt::join(config.steps, ", ")));
  }
  std::set<std::string> names;
  for (const std::string& rung : config.rungs) {
    const bool plain = is_plain_name(rung) && rung.find_first_of("/\\.") == std::string::npos;
    if (!plain || rung == kReservedRung || !names.insert(rung).second) {
      throw std::invalid_argument(
          fmt::format("rungs: expected different names without '/', '.' and control characters "
                      "that begin with no '=', '+', '-' or '@', and none called '{}', got '{}'",
                      kReservedRung, rung));
    }
  }
}

}  // namespace tandem
