#include "tandem/sample/sample_scores.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/fingerprinted_file.h"
#include "tandem/core/metadata.h"
#include "tandem/core/safetensors.h"

namespace tandem {
namespace {

constexpr const char* kScoresFormat = "sample-scores-2";
constexpr const char* kFormatWithoutFingerprint = "sample-scores-1";
constexpr const char* kOwnPrefix = "tandem.";

torch::Tensor column(const TensorFile& file, const std::string& name, torch::Dtype dtype,
                     const MetadataReader& reader) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end() || found->second.scalar_type() != dtype ||
      found->second.dim() != 1) {
    reader.refuse(fmt::format("it should hold '{}', {} [n]", name, torch::toString(dtype)));
  }
  return found->second.contiguous();
}

}  // namespace

void write_scores(const std::filesystem::path& path, const SampleScores& scores) {
  TensorFile file;
  file.tensors["scores"] = scores.values;
  file.tensors["samples"] = torch::tensor(scores.samples, torch::kInt64);
  file.metadata = scores.notes;
  file.metadata["tandem.format"] = kScoresFormat;
  file.metadata["tandem.score"] = scores.score;
  file.metadata["tandem.hard"] = scores.hard;
  file.metadata["tandem.typical"] = scores.typical;
  file.metadata["tandem.dataset"] = scores.dataset;
  file.metadata["tandem.dataset_fingerprint"] = scores.dataset_fingerprint.hex();
  write_fingerprinted(path, std::move(file));
}

SampleScores read_scores(const std::filesystem::path& path) {
  const TensorFile file = read_safetensors(path);
  const MetadataReader reader(file.metadata, path.string(), "a file of scores");
  const std::string& format = reader.text("format");
  if (format != kScoresFormat && format != kFormatWithoutFingerprint) {
    reader.refuse(fmt::format("format '{}' is unknown, this version reads '{}' and '{}'", format,
                              kScoresFormat, kFormatWithoutFingerprint));
  }
  SampleScores scores{.score = reader.text("score"),
                      .values = column(file, "scores", torch::kFloat32, reader),
                      .hard = reader.text("hard"),
                      .typical = reader.text("typical"),
                      .dataset = reader.text("dataset"),
                      .dataset_fingerprint = reader.fingerprint("dataset_fingerprint")};
  const torch::Tensor samples = column(file, "samples", torch::kInt64, reader);
  if (samples.numel() != scores.values.numel()) {
    reader.refuse(fmt::format("{} scores for {} samples", scores.values.numel(), samples.numel()));
  }
  scores.samples.assign(samples.data_ptr<std::int64_t>(),
                        samples.data_ptr<std::int64_t>() + samples.numel());
  if (!scores.values.isfinite().all().item<bool>()) {
    reader.refuse("'scores' holds numbers that are not finite");
  }
  const auto is_end = [](const std::string& end) { return end == "low" || end == "high"; };
  if ((!is_end(scores.hard) && scores.hard != "none") ||
      (!is_end(scores.typical) && scores.typical != "median")) {
    reader.refuse(
        fmt::format("'tandem.hard' should be low, high or none and 'tandem.typical' low, high or "
                    "median, are '{}' and '{}'",
                    scores.hard, scores.typical));
  }
  if (format == kScoresFormat) {
    check_fingerprint(file, path.string(), "this file of scores",
                      "take another copy, or score again");
  }
  for (const auto& [key, value] : file.metadata) {
    if (!key.starts_with(kOwnPrefix)) {
      scores.notes[key] = value;
    }
  }
  return scores;
}

}  // namespace tandem
