#pragma once

#include <cstdint>
#include <string>

#include "subset.h"
#include "tandem/dataset/dataset.h"
#include "tandem/sample/sample_scores.h"

namespace tandem {

/// The order in which `choose` (hardest, easiest or typical) takes the samples of each class;
/// equals come in random order of `seed`. Throws std::runtime_error where the score does not say
/// what is hard.
ClassOrders score_orders(const SampleScores& scores, const std::string& choose,
                         const Dataset& samples, std::uint64_t seed);

}  // namespace tandem
