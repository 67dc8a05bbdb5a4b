#pragma once

#include <cstdint>
#include <string>

#include "tandem/model/model.h"

namespace tandem {

/// Number of trainable scalars.
std::int64_t parameter_count(const torch::nn::Module& module);

/// "convnet3 width 16, 10,000 parameters".
std::string describe(const Model& model);

}  // namespace tandem
