#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tandem/core/fingerprint.h"

namespace tandem {

/// A number for each sample of a training part, by which some can be chosen (`data.choose`).
struct SampleScores {
  std::string score;     ///< confidence, forgetting, herding, or another program's
  torch::Tensor values;  ///< fp32 [n]

  std::vector<std::int64_t> samples;  ///< place of each within the whole training split

  std::string hard;     ///< which end is hard: low, high, or none where the score does not say
  std::string typical;  ///< what is typical: low, high, or median (nearest to that of the class)

  std::string dataset;  ///< name, for people
  Fingerprint dataset_fingerprint;

  /// How they were made (teacher, seeds, split, command, ...), for people.
  std::map<std::string, std::string> notes;
};

/// A safetensors file of `scores` and `samples`, with the rest in its metadata.
void write_scores(const std::filesystem::path& path, const SampleScores& scores);

/// Throws std::runtime_error that names the path and what is wrong with it.
SampleScores read_scores(const std::filesystem::path& path);

}  // namespace tandem
