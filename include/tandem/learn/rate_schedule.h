#pragma once

#include <cstdint>
#include <string>

#include "tandem/learn/train_config.h"

namespace tandem {

/// Learning rates of a training of a known number of steps: linear warm-up from peak / warm-up
/// steps to the peak, then constant; half a cosine to zero (Loshchilov and Hutter,
/// arXiv:1608.03983); or one-cycle, a linear fall to zero (Smith and Topin, arXiv:1708.07120,
/// without the momentum cycle).
class RateSchedule {
 public:
  enum class Kind { kConstant, kCosine, kOneCycle };

  /// The kind that `train.schedule` names. Throws std::invalid_argument.
  static Kind parse(const std::string& schedule);

  /// As `config` (checked) says, over `steps` steps.
  RateSchedule(const TrainConfig& config, std::int64_t steps);

  /// Rate of step 0..steps-1.
  double at(std::int64_t step) const;

 private:
  Kind kind_;
  double peak_;
  std::int64_t warmup_steps_;
  std::int64_t steps_;
};

}  // namespace tandem
