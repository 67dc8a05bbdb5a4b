#include "tandem/learn/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tandem/core/interrupted.h"
#include "tandem/learn/evaluate.h"
#include "tandem/view/prefetch.h"

namespace tandem {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kDivergedLoss = 1000;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

Evaluation look(Learner& learner, const BatchSource& batches, const FitPlan& plan,
                const FitState& progress) {
  const Score score =
      plan.validation == nullptr
          ? Score{std::numeric_limits<double>::quiet_NaN(),
                  std::numeric_limits<double>::quiet_NaN()}
          : evaluate(learner.model(), *plan.validation, batches.normalisation(), learner.device());
  return {.step = progress.step,
          .epochs = batches.epochs_at(progress.step),
          .train_s = progress.train_s,
          .teacher_s = progress.teacher_s,
          .train_loss = progress.loss_sum / static_cast<double>(progress.loss_count),
          .validation_loss = score.loss,
          .validation_top1_pct = score.top1_pct};
}

}  // namespace

void FitObserver::on_step(std::int64_t, std::int64_t) {}
void FitObserver::on_evaluation(const Evaluation&, Model&) {}

FitResult fit(Learner& learner, BatchSource& batches, const MappingSchedule& mappings,
              const FitPlan& plan, FitObserver& observer, std::stop_token stop) {
  if (mappings.needs_validation() && plan.validation == nullptr) {
    throw std::invalid_argument("fit: 'passes-teacher' needs a validation split to look at");
  }
  const std::int64_t steps = total_steps(plan.train, batches.dataset().size());
  const std::vector<std::int64_t> looks = evaluation_steps(plan.train, steps);
  FitResult result;
  FitState& progress = result.progress;
  if (!plan.checkpoint.empty()) {
    progress = load_checkpoint(plan.checkpoint, learner).value_or(FitState{});
    if (progress.switches.phase() >= mappings.size()) {
      throw std::runtime_error(
          fmt::format("{}: a checkpoint after {} switches of the mapping; this "
                      "run has {}",
                      plan.checkpoint.string(), progress.switches.phase(), mappings.size() - 1));
    }
  }
  auto last_checkpoint = Clock::now();
  PrefetchedBatches upcoming(batches, {.first = progress.step, .end = steps});

  while (progress.step < steps) {
    if (stop.stop_requested()) {
      if (!plan.checkpoint.empty()) {
        save_checkpoint(plan.checkpoint, learner, progress);
      }
      throw Interrupted();
    }
    const auto begin = Clock::now();
    const Batch batch = upcoming.next();
    const auto asked = Clock::now();
    const Target target = mappings.in_force(progress.switches).targets(batch);
    progress.teacher_s += seconds_since(asked);
    const LossTerms terms = learner.step(batch, target, rate_at(plan.train, progress.step, steps));
    const double loss = terms.total.item<double>();
    progress.train_s += seconds_since(begin);
    progress.loss_sum += loss;
    ++progress.loss_count;
    ++progress.step;
    if (!(std::abs(loss) <= kDivergedLoss)) {
      result.diverged = true;
      result.message = fmt::format("the training loss was {} at step {}", loss, progress.step);
      return result;
    }
    const bool looks_now = std::binary_search(looks.begin(), looks.end(), progress.step);
    if (looks_now) {
      progress.evaluations.push_back(look(learner, batches, plan, progress));
      progress.loss_sum = 0;
      progress.loss_count = 0;
      observer.on_evaluation(progress.evaluations.back(), learner.model());
    }
    if (progress.step < steps) {
      mappings.after_step(progress.switches,
                          {.step = progress.step,
                           .epochs = batches.epochs_at(progress.step),
                           .target_loss = terms.target.item<double>(),
                           .look = looks_now ? &progress.evaluations.back() : nullptr});
    }
    observer.on_step(progress.step, steps);
    if (!plan.checkpoint.empty() && seconds_since(last_checkpoint) > plan.checkpoint_interval_s) {
      save_checkpoint(plan.checkpoint, learner, progress);
      last_checkpoint = Clock::now();
    }
  }
  return result;
}

}  // namespace tandem
