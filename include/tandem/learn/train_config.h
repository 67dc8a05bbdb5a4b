#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/core/config.h"

namespace tandem {

/// How a model is trained, whatever its targets are. The budget is exactly one of steps, samples
/// and epochs.
struct TrainConfig {
  std::int64_t batch = 128;
  std::int64_t steps = 0;
  std::int64_t samples = 0;
  double epochs = 0;

  std::string optimizer = "sgd";  ///< sgd or adamw
  double rate = 0.1;              ///< peak learning rate
  double momentum = 0.9;          ///< sgd: Nesterov's; 0 is plain gradient descent
  double weight_decay = 5e-4;

  std::string schedule = "cosine";  ///< constant, cosine or one-cycle
  double warmup = 0.05;             ///< share of the steps in which the rate rises linearly
                                    ///< (one-cycle: until the peak)

  std::int64_t evaluations = 12;          ///< how many looks at the validation split, log-spaced
  std::vector<std::int64_t> evaluate_at;  ///< further steps to look at
  std::int64_t threads = 1;
  std::string device = "cpu";  ///< cpu, cuda or cuda:N

  void visit(ConfigVisitor& visitor);
};

/// Throws std::invalid_argument for a key that is out of range whatever the data, and unless
/// exactly one budget is given.
void check(const TrainConfig& config);

/// Whether `config` says how long to train.
bool has_budget(const TrainConfig& config);

/// The budget in steps, for a training split of `samples`: of a budget in samples or epochs the
/// whole batches that it holds, at least one, so that a training of E epochs begins no visit after
/// the E-th. Throws as check() does, and where the batch is larger than the split.
std::int64_t total_steps(const TrainConfig& config, std::int64_t samples);

/// Ascending steps after which to evaluate: config.evaluations log-spaced ones, those of
/// config.evaluate_at, and the last. Duplicates and steps beyond the last are left out.
std::vector<std::int64_t> evaluation_steps(const TrainConfig& config, std::int64_t steps);

}  // namespace tandem
