#include "tandem/learn/rate_schedule.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace tandem {

RateSchedule::Kind RateSchedule::parse(const std::string& schedule) {
  for (const auto& [name, kind] : {std::pair("constant", Kind::kConstant),
                                   {"cosine", Kind::kCosine},
                                   {"one-cycle", Kind::kOneCycle}}) {
    if (schedule == name) {
      return kind;
    }
  }
  throw std::invalid_argument(
      fmt::format("train.schedule: expected constant, cosine or one-cycle, got '{}'", schedule));
}

RateSchedule::RateSchedule(const TrainConfig& config, std::int64_t steps)
    : kind_(parse(config.schedule)),
      peak_(config.rate),
      warmup_steps_(std::llround(config.warmup * static_cast<double>(steps))),
      steps_(steps) {}

double RateSchedule::at(std::int64_t step) const {
  if (step < warmup_steps_) {
    return peak_ * static_cast<double>(step + 1) / static_cast<double>(warmup_steps_);
  }
  const double progress =
      static_cast<double>(step - warmup_steps_) / static_cast<double>(steps_ - warmup_steps_);
  switch (kind_) {
    case Kind::kConstant:
      return peak_;
    case Kind::kCosine:
      return peak_ * 0.5 * (1 + std::cos(std::numbers::pi * progress));
    case Kind::kOneCycle:
      return peak_ * (1 - progress);
  }
  throw std::invalid_argument("RateSchedule: unknown kind");
}

}  // namespace tandem
