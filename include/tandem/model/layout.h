#pragma once

#include "tandem/model/model.h"

namespace tandem {

/// Lays convolution weights out as channels-last, in which networks with batch normalisation train
/// faster on a CPU; those with instance normalisation train slower so and are left alone, as are
/// those with a layer that the CPU's library computes wrongly so (strided 1x1 convolutions of fewer
/// than eight channels, as the shortcuts of very narrow ResNets are). Values do not change;
/// gradients and outputs may round differently.
void use_fast_layout(Model& model);

}  // namespace tandem
