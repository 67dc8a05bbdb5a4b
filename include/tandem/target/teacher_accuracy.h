#pragma once

#include "tandem/dataset/dataset.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// Share of samples, in percent, whose largest logit is their class, on canonical views. Throws
/// what Teacher::answer throws, and std::invalid_argument for a data set of another number of
/// classes.
double top1_pct(Teacher& teacher, const Dataset& dataset);

}  // namespace tandem
