#pragma once

#include <filesystem>
#include <stop_token>
#include <utility>

#include "toy_trial.h"
#include "trial.h"

namespace tandem {

/// Runs a toy trial under `mappings` into `folder`.
inline TrialRecord run_toy(const TrialConfig& config, const Splits& splits,
                           MappingSchedule mappings, const std::filesystem::path& folder,
                           FitObserver& observer, std::stop_token stop = {}) {
  return run_trial({.config = config,
                    .splits = splits,
                    .mappings = std::move(mappings),
                    .budgets = {config.train.steps},
                    .folder = folder,
                    .begun = {}},
                   observer, stop);
}

inline TrialRecord run_toy(const TrialConfig& config, const Splits& splits,
                           MappingSchedule mappings, const std::filesystem::path& folder) {
  FitObserver silent;
  return run_toy(config, splits, std::move(mappings), folder, silent);
}

}  // namespace tandem
