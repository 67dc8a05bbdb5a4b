#pragma once

#include <array>
#include <cstdint>

namespace tandem {

/// The 8-bit code of probabilities: p(q) = exp(-16 (q / 255)^2). Square-root companding of the
/// log-probability puts the fine steps near p = 1 and still reaches down to 1e-7; see
/// docs/target-store.md for the error.
inline constexpr double kLowestLogProbability = -16;

/// p(255) = exp(-16).
inline constexpr double kLowestProbability = 1.1253517471925912e-7;

/// Code of a log-probability.
std::uint8_t code_of(double log_probability);

/// p(q) for all codes q.
const std::array<float, 256>& probability_of_code();

}  // namespace tandem
