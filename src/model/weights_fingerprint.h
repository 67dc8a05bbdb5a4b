#pragma once

#include <map>
#include <string>

#include "tandem/core/fingerprint.h"
#include "tandem/core/safetensors.h"
#include "tandem/dataset/normalisation.h"

namespace tandem {

/// Of names, dtypes, shapes and bytes of the weights, and of the normalisation. `tensors` are
/// contiguous and on the CPU, as read from a file.
Fingerprint weights_fingerprint(const std::map<std::string, torch::Tensor>& tensors,
                                const Normalisation& normalisation);

}  // namespace tandem
