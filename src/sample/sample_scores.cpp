#include "tandem/sample/sample_scores.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/metadata.h"
#include "tandem/core/safetensors.h"

namespace tandem {
namespace {

constexpr const char* kScoresFormat = "sample-scores-1";
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

/// fp64 [n]: how far each is from the median of its class, the mean of the middle two.
torch::Tensor distance_from_median(const torch::Tensor& values, const Dataset& dataset) {
  torch::Tensor distance = torch::zeros_like(values);
  for (std::int64_t label = 0; label < dataset.class_count(); ++label) {
    const torch::Tensor members = dataset.labels().eq(label).nonzero().squeeze(1);
    if (members.numel() > 0) {
      const torch::Tensor own = values.index_select(0, members);
      const torch::Tensor sorted = std::get<0>(own.sort());
      const std::int64_t middle = sorted.numel() / 2;
      const torch::Tensor median = (sorted[(sorted.numel() - 1) / 2] + sorted[middle]) / 2;
      distance.index_put_({members}, (own - median).abs());
    }
  }
  return distance;
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
  write_safetensors(path, file);
}

SampleScores read_scores(const std::filesystem::path& path) {
  const TensorFile file = read_safetensors(path);
  const MetadataReader reader(file.metadata, path.string(), "a file of scores");
  if (reader.text("format") != kScoresFormat) {
    reader.refuse(fmt::format("format '{}' is unknown, this version reads '{}'",
                              reader.text("format"), kScoresFormat));
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
  for (const auto& [key, value] : file.metadata) {
    if (!key.starts_with(kOwnPrefix)) {
      scores.notes[key] = value;
    }
  }
  return scores;
}

ClassOrders score_orders(const SampleScores& scores, const std::string& choose,
                         const Dataset& samples, std::uint64_t seed) {
  const torch::Tensor values = scores.values.to(torch::kFloat64);
  if (choose == "typical") {
    return orders_by(samples,
                     scores.typical == "median" ? distance_from_median(values, samples)
                     : scores.typical == "low"  ? values
                                                : -values,
                     seed);
  }
  if (scores.hard == "none") {
    throw std::runtime_error(fmt::format(
        "data.choose = '{}': the score '{}' says what is typical, not what is hard or easy", choose,
        scores.score));
  }
  const bool low_first = (scores.hard == "low") == (choose == "hardest");
  return orders_by(samples, low_first ? values : -values, seed);
}

}  // namespace tandem
