#pragma once

#include <cstdint>

namespace tandem {

/// One look at the validation split during training. Seconds are cumulative and leave out
/// evaluation; accuracy is top-1 in percent.
struct Evaluation {
  std::int64_t step = 0;
  double epochs = 0;
  double train_s = 0;
  double teacher_s = 0;
  double train_loss = 0;
  double validation_loss = 0;
  double validation_top1_pct = 0;

  /// See record/fields.h.
  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("step", self.step, "steps done");
    field("epochs", self.epochs, "passes over the training split so far");
    field("train_s", self.train_s, "training seconds so far, teacher included");
    field("teacher_s", self.teacher_s, "of these, the seconds the teacher took");
    field("train_loss", self.train_loss, "mean training loss since the previous evaluation");
    field("validation_loss", self.validation_loss, "mean cross-entropy on the validation split");
    field("validation_top1_pct", self.validation_top1_pct, "accuracy on the validation split");
  }
};

}  // namespace tandem
