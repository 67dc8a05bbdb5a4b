#include "tandem/dataset/normalisation.h"

#include <utility>

namespace tandem {

Normalisation Normalisation::of(const Dataset& dataset) {
  auto statistics = dataset.channel_statistics();
  return {std::move(statistics.mean), std::move(statistics.stddev)};
}

}  // namespace tandem
