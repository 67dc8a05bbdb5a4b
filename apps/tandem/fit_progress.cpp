#include "fit_progress.h"

#include <fmt/format.h>

namespace tandem {

void FitProgress::on_step(const Progress& progress) {
  line_.update(progress.share(), fmt::format("{}/{}", progress.done, progress.total));
}

void FitProgress::on_share(double share) {
  line_.update(share, "");
}

void FitProgress::on_evaluation(const Evaluation& evaluation, Model&) {
  on_look(evaluation);
}

void FitProgress::on_look(const Evaluation& evaluation) {
  line_.print_above(fmt::format(
      "step {:>6}  epoch {:6.2f}  {:>8} s  train loss {:7.4f}  validation loss {:.4f}  top-1 "
      "{:.2f} %",
      evaluation.step, evaluation.epochs, fmt::format("{:.1f}", evaluation.train_s),
      evaluation.train_loss, evaluation.validation_loss, evaluation.validation_top1_pct));
}

}  // namespace tandem
