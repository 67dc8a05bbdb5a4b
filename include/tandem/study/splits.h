#pragma once

#include "tandem/data/catalog.h"
#include "tandem/data/dataset.h"
#include "tandem/study/trial_config.h"
#include "tandem/view/apply.h"

namespace tandem {

/// The parts of a data set that trials of one DataConfig share.
struct Splits {
  Dataset train;       ///< what students learn from: a stratified subset, or all that is left
  Dataset validation;  ///< held out of the training split; every choice is made on it
  Normalisation normalisation;              ///< of `train`
  std::vector<std::int64_t> train_indices;  ///< of `train` within the whole training split
};

/// How the files of the config's data set are read.
LoadOptions load_options(const DataConfig& config);

/// Loads the training split and divides it. Throws what load_dataset and split_validation throw.
Splits load_splits(const DataConfig& config);

/// Names the validation split of a config: trials and teachers of equal text hold out the same
/// samples. Teachers' checkpoints carry it under the note kTrainedOnNote.
std::string split_text(const DataConfig& config);

/// The test split. Nothing is chosen by it; it is read for final numbers and for its size.
Dataset load_test_split(const DataConfig& config);

}  // namespace tandem
