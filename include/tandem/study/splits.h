#pragma once

#include "tandem/data/dataset.h"
#include "tandem/study/trial_config.h"
#include "tandem/view/apply.h"

namespace tandem {

/// The parts of a data set that trials of one DataConfig share.
struct Splits {
  Dataset train;       ///< what students learn from: a stratified subset, or all that is left
  Dataset validation;  ///< held out of the training split; every choice is made on it
  Normalisation normalisation;  ///< of `train`
};

/// Loads the training split and divides it. Throws what load_dataset and split_validation throw.
Splits load_splits(const DataConfig& config);

/// The test split. Only what reports final numbers asks for it.
Dataset load_test_split(const DataConfig& config);

}  // namespace tandem
