#pragma once

#include <cstdint>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/sample/data_config.h"

namespace tandem {

/// What may be learnt from, in the making.
struct TrainingPart {
  Dataset samples;
  std::vector<std::int64_t> places;  ///< of each within the whole training split, or data.samples
};

/// What is left of the training split when the validation samples are held out.
TrainingPart rest_of(const Dataset& all, std::vector<std::int64_t> places);

/// The samples of data.samples, which must have the images and classes of `like`.
TrainingPart read_training_part(const DataConfig& config, const Dataset& like);

/// The subset that `config` asks for. `part` is not altered yet. Scores must belong to it, as it is
/// or as alter_samples makes it.
TrainingPart choose_samples(const TrainingPart& part, const DataConfig& config);

/// Makes labels wrong and images worse, as `config` asks; unchanged where it does not.
TrainingPart alter_samples(TrainingPart part, const DataConfig& config);

}  // namespace tandem
