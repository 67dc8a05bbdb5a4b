#pragma once

#include <stop_token>

#include "progress_line.h"
#include "tandem/core/progress.h"
#include "tandem/learn/trial_config.h"

namespace tandem {

/// What pictures are decoded with: shows on `line`, which must outlive it, how far that has come,
/// and throws Interrupted where it is asked to stop.
OnProgress decode_progress(ProgressLine& line, const std::stop_token& stop);

/// Decodes the pictures of a data set that is made of them, ahead of the work and with a progress
/// line, so that what follows finds them in the cache; says what was left out. Nothing for other
/// data sets. Throws what load_dataset throws, and Interrupted.
void decode_pictures(const DataConfig& data, bool with_test, const std::stop_token& stop);

}  // namespace tandem
