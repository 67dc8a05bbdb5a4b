#include "tandem/learn/train_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "tandem/core/machine.h"
#include "tandem/learn/rate_schedule.h"

namespace tandem {
namespace {

void require(bool holds, std::string_view key, std::string_view expected, double found) {
  if (!holds) {
    throw std::invalid_argument(fmt::format("train.{}: expected {}, got {}", key, expected, found));
  }
}

/// Batches that so many visits of `samples` fill.
std::int64_t whole_batches(double epochs, std::int64_t samples, std::int64_t batch) {
  constexpr double kRounding = 1e-12;  // 0.29 epochs of 100 samples are 29, not 28.999999999999996
  const double seen = epochs * static_cast<double>(samples);
  return static_cast<std::int64_t>(seen / static_cast<double>(batch) * (1 + kRounding));
}

}  // namespace

void TrainConfig::visit(ConfigVisitor& visitor) {
  visitor.field("batch", batch);
  visitor.field("steps", steps);
  visitor.field("samples", samples);
  visitor.field("epochs", epochs);
  visitor.field("optimizer", optimizer);
  visitor.field("rate", rate);
  visitor.field("momentum", momentum);
  visitor.field("weight_decay", weight_decay);
  visitor.field("schedule", schedule);
  visitor.field("warmup", warmup);
  visitor.field("evaluations", evaluations);
  visitor.field("evaluate_at", evaluate_at);
  visitor.field("threads", threads);
  visitor.field("device", device);
}

void check(const TrainConfig& config) {
  require(config.batch >= 1, "batch", "at least 1", static_cast<double>(config.batch));
  require(std::isfinite(config.rate) && config.rate > 0, "rate", "a number > 0", config.rate);
  require(config.momentum >= 0 && config.momentum < 1, "momentum", "a number in [0, 1)",
          config.momentum);
  require(config.weight_decay >= 0, "weight_decay", "a number >= 0", config.weight_decay);
  require(config.warmup >= 0 && config.warmup < 1, "warmup", "a share in [0, 1)", config.warmup);
  require(config.evaluations >= 1, "evaluations", "at least 1",
          static_cast<double>(config.evaluations));
  check_threads(config.threads, "train.threads");
  constexpr auto kMost = static_cast<double>(std::numeric_limits<std::int32_t>::max());
  require(config.steps >= 0, "steps", "a number of steps", static_cast<double>(config.steps));
  require(config.samples >= 0, "samples", "a number of samples",
          static_cast<double>(config.samples));
  require(config.epochs >= 0 && config.epochs <= kMost, "epochs", "a number of visits",
          config.epochs);
  RateSchedule::parse(config.schedule);
  if (config.optimizer == "adamw" && config.momentum != TrainConfig{}.momentum) {
    throw std::invalid_argument(fmt::format(
        "train.momentum = {}, but adamw has moments of its own (0.9 and 0.999); leave it out",
        config.momentum));
  }
  if ((config.steps != 0) + (config.samples != 0) + (config.epochs != 0) != 1) {
    throw std::invalid_argument(
        fmt::format("train: give exactly one budget; got steps = {}, samples = {}, epochs = {}",
                    config.steps, config.samples, config.epochs));
  }
}

bool has_budget(const TrainConfig& config) {
  return config.steps != 0 || config.samples != 0 || config.epochs != 0;
}

std::int64_t total_steps(const TrainConfig& config, std::int64_t samples) {
  require(config.batch >= 1 && config.batch <= samples, "batch",
          fmt::format("1..{} (the training split)", samples), static_cast<double>(config.batch));
  check(config);
  if (config.steps != 0) {
    return config.steps;
  }
  const std::int64_t batches = config.samples != 0
                                   ? config.samples / config.batch
                                   : whole_batches(config.epochs, samples, config.batch);
  return std::max<std::int64_t>(1, batches);
}

std::vector<std::int64_t> evaluation_steps(const TrainConfig& config, std::int64_t steps) {
  std::set<std::int64_t> chosen{steps};
  for (std::int64_t k = 0; k < config.evaluations; ++k) {
    // From about a hundredth of the budget, evenly in log(step).
    const double gaps = static_cast<double>(config.evaluations - 1);
    const double share = gaps > 0 ? static_cast<double>(k) / gaps : 1;
    const double first = std::max(1.0, static_cast<double>(steps) / 100);
    chosen.insert(std::llround(first * std::pow(static_cast<double>(steps) / first, share)));
  }
  for (const std::int64_t step : config.evaluate_at) {
    if (step >= 1 && step <= steps) {
      chosen.insert(step);
    }
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace tandem
