#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace tandem {

/// Order in which herding takes the rows of `features` fp32 [n, width]: each time the one that
/// brings the mean of those taken nearest to the mean of all (Welling, "Herding dynamical weights
/// to learn", ICML 2009; for exemplars of a class: iCaRL, Rebuffi et al., arXiv:1611.07725). Rows
/// are scaled to length 1 first, as in iCaRL; the first of equals is taken. Throws
/// std::invalid_argument for another dtype or shape and for numbers that are not finite.
std::vector<std::int64_t> herding_order(const torch::Tensor& features);

}  // namespace tandem
