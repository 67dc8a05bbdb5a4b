#pragma once

#include <string>

#include "progress_line.h"
#include "tandem/learn/fit.h"

namespace tandem {

/// Shows one training run on the terminal: a progress line, and a line per evaluation.
class FitProgress : public FitObserver {
 public:
  explicit FitProgress(const std::string& title) : line_(title) {}

  void on_step(const Progress& progress) override;
  void on_evaluation(const Evaluation& evaluation, Model& model) override;

  // The same for those who are told less.
  void on_share(double share);
  void on_look(const Evaluation& evaluation);

 private:
  ProgressLine line_;
};

}  // namespace tandem
