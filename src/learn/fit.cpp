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

Evaluation look(Training& training, const Dataset* validation, const FitState& state) {
  const BatchSource& batches = training.batches();
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const Metrics metrics = validation == nullptr
                              ? Metrics{kUnknown, kUnknown}
                              : evaluate(training.model(), *validation, batches.normalisation(),
                                         training.learner().device());
  return {.step = state.step,
          .epochs = batches.epochs_at(state.step),
          .train_s = state.train_s,
          .teacher_s = state.teacher_s,
          .train_loss = state.loss_sum / static_cast<double>(state.loss_count),
          .validation_loss = metrics.loss,
          .validation_top1_pct = metrics.top1_pct};
}

/// Whether steps ascend from 1 on, at most to `last`.
bool ascend_to(const std::vector<std::int64_t>& steps, std::int64_t last, bool strictly) {
  std::int64_t before = strictly ? 0 : 1;
  for (const std::int64_t step : steps) {
    if (step < before + (strictly ? 1 : 0) || step > last) {
      return false;
    }
    before = step;
  }
  return true;
}

/// Why no run of `steps` steps under so many mappings comes to `state`; empty if one does.
std::string complaint_about(const FitState& state, std::int64_t steps, std::size_t mappings) {
  std::vector<std::int64_t> looks;
  for (const Evaluation& evaluation : state.evaluations) {
    looks.push_back(evaluation.step);
  }
  if (state.step < 0 || state.step > steps) {
    return fmt::format("it is of step {}, this run has {}", state.step, steps);
  }
  if (!ascend_to(looks, state.step, true) ||
      state.loss_count != state.step - (looks.empty() ? 0 : looks.back())) {
    return fmt::format("after step {} it has {} looks and {} losses since the last", state.step,
                       looks.size(), state.loss_count);
  }
  if (state.switches.phase() >= mappings) {
    return fmt::format("it is of after {} switches of the mapping, this run has {}",
                       state.switches.phase(), mappings - 1);
  }
  if (!ascend_to(state.switches.steps, state.step, false)) {
    return fmt::format("its switches of the mapping are not of steps 1..{}", state.step);
  }
  if (!std::isfinite(state.loss_sum) || !(state.train_s >= 0) || !(state.teacher_s >= 0)) {
    return fmt::format("its losses add up to {}, its times are {} s and {} s", state.loss_sum,
                       state.train_s, state.teacher_s);
  }
  return {};
}

/// Where an earlier run came to, or the beginning.
FitState first_state(Training& training, const MappingSchedule& mappings,
                     const std::filesystem::path& checkpoint) {
  if (checkpoint.empty()) {
    return {};
  }
  FitState state = load_checkpoint(checkpoint, training.learner()).value_or(FitState{});
  if (const std::string why = complaint_about(state, training.steps(), mappings.size());
      !why.empty()) {
    throw std::runtime_error(fmt::format("{}: a checkpoint of another training: {}; {}",
                                         checkpoint.string(), why, kBeginAnew));
  }
  return state;
}

}  // namespace

void FitObserver::on_step(const Progress&) {}
void FitObserver::on_evaluation(const Evaluation&, Model&) {}

FitResult fit(Training& training, const MappingSchedule& mappings, const FitOptions& options,
              FitObserver& observer, std::stop_token stop) {
  if (mappings.needs_validation() && options.validation == nullptr) {
    throw std::invalid_argument("fit: 'passes-teacher' needs a validation split to look at");
  }
  Learner& learner = training.learner();
  BatchSource& batches = training.batches();
  const std::int64_t steps = training.steps();
  const std::vector<std::int64_t> looks = evaluation_steps(training.train_config(), steps);
  FitResult result;
  FitState& state = result.state;
  state = first_state(training, mappings, options.checkpoint);

  auto last_checkpoint = Clock::now();
  PrefetchedBatches upcoming(batches, {.first = state.step, .end = steps});
  while (state.step < steps) {
    if (stop.stop_requested()) {
      if (!options.checkpoint.empty()) {
        save_checkpoint(options.checkpoint, learner, state);
      }
      throw Interrupted();
    }
    const auto begin = Clock::now();
    const Batch batch = upcoming.next();
    const auto asked = Clock::now();
    const Target target = mappings.in_force(state.switches).targets(batch);
    state.teacher_s += seconds_since(asked);
    const LossTerms terms = learner.step(batch, target, training.rates().at(state.step));
    const double loss = terms.total.item<double>();
    state.train_s += seconds_since(begin);
    state.loss_sum += loss;
    ++state.loss_count;
    ++state.step;
    if (!(std::abs(loss) <= kDivergedLoss)) {
      result.diverged = true;
      result.message = fmt::format("the training loss was {} at step {}", loss, state.step);
      return result;
    }
    const bool looks_now = std::binary_search(looks.begin(), looks.end(), state.step);
    if (looks_now) {
      state.evaluations.push_back(look(training, options.validation, state));
      state.loss_sum = 0;
      state.loss_count = 0;
      observer.on_evaluation(state.evaluations.back(), learner.model());
    }
    if (state.step < steps) {
      mappings.after_step(state.switches,
                          {.step = state.step,
                           .epochs = batches.epochs_at(state.step),
                           .target_loss = terms.target.item<double>(),
                           .look = looks_now ? &state.evaluations.back() : nullptr});
    }
    observer.on_step({state.step, steps, ""});
    if (!options.checkpoint.empty() &&
        seconds_since(last_checkpoint) > options.checkpoint_interval_s) {
      save_checkpoint(options.checkpoint, learner, state);
      last_checkpoint = Clock::now();
    }
  }
  return result;
}

}  // namespace tandem
