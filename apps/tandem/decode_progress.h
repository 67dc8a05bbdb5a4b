#pragma once

#include <stop_token>

#include "tandem/learn/trial_config.h"

namespace tandem {

/// Decodes the pictures of a data set that is made of them, ahead of the work and with a progress
/// line, so that what follows finds them in the cache; says what was left out. Nothing for other
/// data sets. Throws what load_dataset throws, and Interrupted.
void decode_pictures(const DataConfig& data, bool with_test, const std::stop_token& stop);

}  // namespace tandem
