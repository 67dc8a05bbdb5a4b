#pragma once

#include <cstdint>

namespace tandem {

/// One look at the validation split during training. Seconds are cumulative and leave out
/// evaluation; accuracy is top-1 in percent.
struct Evaluation {
  std::int64_t step = 0;
  double epochs = 0;           ///< passes over the training split so far
  double train_s = 0;          ///< training seconds so far, teacher included
  double teacher_s = 0;        ///< of these, the seconds the teacher took
  double train_loss = 0;       ///< mean training loss since the previous evaluation
  double validation_loss = 0;  ///< mean cross-entropy
  double validation_top1_pct = 0;
};

}  // namespace tandem
