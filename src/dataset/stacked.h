#pragma once

#include <cstdint>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// Three samples of a grey data set as the channels of one, of C^3 classes (c_0 C^2 + c_1 C + c_2):
/// real images of a thousand classes where ten are at hand. Channel 0 of sample i is sample i,
/// channels 1 and 2 those that permutations of `seed` put at i (Stream::kStack). For digits this is
/// known as Stacked MNIST (Metz et al., arXiv:1611.02163). Throws std::invalid_argument for images
/// of more than one channel.
Dataset stack_three(const Dataset& grey, std::uint64_t seed);

}  // namespace tandem
