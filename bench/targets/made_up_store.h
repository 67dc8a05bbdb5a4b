#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace tandem::bench {

/// Probabilities that look like a teacher's, fp32 [rows, classes]: softmax of normal logits with a
/// standard deviation of 3.
torch::Tensor made_up_probs(std::int64_t rows, std::int64_t classes);

/// Writes a store of targets per view, `samples * epochs` rows: those of `probs` over and over.
/// Throws std::invalid_argument unless that comes out even.
void write_made_up_store(const std::filesystem::path& path, const std::string& encoding,
                         const torch::Tensor& probs, std::int64_t samples, std::int64_t epochs);

}  // namespace tandem::bench
