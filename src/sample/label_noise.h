#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace tandem {

/// How a wrong label is made of a right one.
enum class LabelNoise {
  kSymmetric,  ///< one of the other classes, all alike
  kPairwise,   ///< the next class: c becomes c + 1 modulo the number of classes
};

/// "symmetric" or "pairwise"; others are std::invalid_argument.
LabelNoise parse_label_noise(std::string_view text);

/// `labels` int64 [n] with each replaced with probability `rate`, as a new tensor. `rate` is the
/// share of labels that are wrong: symmetric noise has 1 - rate on the diagonal of its transition
/// matrix and rate / (classes - 1) elsewhere (Patrini et al., arXiv:1609.03683; in van Rooyen et
/// al., arXiv:1505.07634, for two classes), pairwise noise 1 - rate and rate at the next class (Han
/// et al., arXiv:1804.06872).
///
/// Whether and how the label of sample k changes depends on `seed` and `places[k]` alone
/// (Stream::kLabelNoise), and what changes at one rate changes in the same way at a higher one.
/// Throws std::invalid_argument for a rate outside 0..1, fewer than two classes, and unequally many
/// labels and places.
torch::Tensor noisy_labels(const torch::Tensor& labels, std::int64_t classes, double rate,
                           LabelNoise noise, const std::vector<std::int64_t>& places,
                           std::uint64_t seed);

}  // namespace tandem
