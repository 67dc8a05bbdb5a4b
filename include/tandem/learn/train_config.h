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

/// The budget in steps, for a training split of `samples`. Throws std::invalid_argument unless
/// exactly one budget is given and it makes at least one step, or if any other key is out of range.
std::int64_t total_steps(const TrainConfig& config, std::int64_t samples);

/// Learning rate of step 0..steps-1: linear warm-up from rate/warm-up steps to the peak, then
/// constant; half a cosine to zero (Loshchilov and Hutter, arXiv:1608.03983); or one-cycle, a
/// linear fall to zero (Smith and Topin, arXiv:1708.07120, without the momentum cycle).
double rate_at(const TrainConfig& config, std::int64_t step, std::int64_t steps);

/// Ascending steps after which to evaluate: config.evaluations log-spaced ones, those of
/// config.evaluate_at, and the last. Duplicates and steps beyond the last are left out.
std::vector<std::int64_t> evaluation_steps(const TrainConfig& config, std::int64_t steps);

}  // namespace tandem
