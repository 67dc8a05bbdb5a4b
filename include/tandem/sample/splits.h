#pragma once

#include "tandem/dataset/catalog.h"
#include "tandem/dataset/dataset.h"
#include "tandem/dataset/normalisation.h"
#include "tandem/sample/data_config.h"

namespace tandem {

/// The parts of a data set that trials of one DataConfig share.
struct Splits {
  Dataset train;                ///< what students learn from: a subset, or all that is left
  Dataset validation;           ///< held out of the training split; every choice is made on it
  Normalisation normalisation;  ///< of `train`

  /// Of `train` within the whole training split (within data.samples where that is given).
  std::vector<std::int64_t> train_indices;
};

/// How the files of the config's data set are read.
LoadOptions load_options(const DataConfig& config);

/// Loads the training split and divides it. Throws what load_dataset and split_samples throw.
Splits load_splits(const DataConfig& config);

/// Divides a training split: holds out the validation samples and makes of the rest, or of
/// data.samples, what is learnt from. First samples are chosen, by their true labels; then labels
/// are made wrong and images worse, each by its place in the whole training split, so that a sample
/// is the same in every subset. Throws std::invalid_argument for sizes that the data does not have,
/// and std::runtime_error for files of scores and samples that do not fit it.
Splits split_samples(const Dataset& all, const DataConfig& config);

/// Names the validation split of a config: trials and teachers of equal text hold out the same
/// samples. Teachers' checkpoints carry it under the note kTrainedOnNote. What is made of the rest
/// is not part of it: a teacher of all clean samples may well teach a student of few noisy ones.
std::string split_text(const DataConfig& config);

/// What is learnt from where it is not simply the rest: chosen by scores, mislabelled, degraded or
/// brought in. Empty for all samples and for random subsets.
std::string samples_text(const DataConfig& config);

/// The test split. Nothing is chosen by it; it is read for final numbers and for its size.
Dataset load_test_split(const DataConfig& config);

}  // namespace tandem
