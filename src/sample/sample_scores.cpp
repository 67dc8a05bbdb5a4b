#include "tandem/sample/sample_scores.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <stdexcept>

#include "tandem/core/safetensors.h"

namespace tandem {
namespace {

constexpr const char* kScoresFormat = "sample-scores-1";
constexpr const char* kOwnPrefix = "tandem.";

/// Reads the metadata of a file of scores and refuses in words.
class ScoresReader {
 public:
  explicit ScoresReader(const std::filesystem::path& path)
      : path_(path), file_(read_safetensors(path)) {}

  SampleScores read() {
    if (text("format") != kScoresFormat) {
      refuse(fmt::format("format '{}' is unknown, this version reads '{}'", text("format"),
                         kScoresFormat));
    }
    SampleScores scores{.score = text("score"),
                        .values = tensor("scores", torch::kFloat32),
                        .hard = text("hard"),
                        .typical = text("typical"),
                        .dataset = text("dataset"),
                        .dataset_fingerprint = fingerprint()};
    const torch::Tensor samples = tensor("samples", torch::kInt64);
    if (samples.numel() != scores.values.numel()) {
      refuse(fmt::format("{} scores for {} samples", scores.values.numel(), samples.numel()));
    }
    scores.samples.assign(samples.data_ptr<std::int64_t>(),
                          samples.data_ptr<std::int64_t>() + samples.numel());
    if (!scores.values.isfinite().all().item<bool>()) {
      refuse("'scores' holds numbers that are not finite");
    }
    const auto is_end = [](const std::string& end) { return end == "low" || end == "high"; };
    if ((!is_end(scores.hard) && scores.hard != "none") ||
        (!is_end(scores.typical) && scores.typical != "median")) {
      refuse(
          fmt::format("'tandem.hard' should be low, high or none and 'tandem.typical' low, high or "
                      "median, are '{}' and '{}'",
                      scores.hard, scores.typical));
    }
    for (const auto& [key, value] : file_.metadata) {
      if (!key.starts_with(kOwnPrefix)) {
        scores.notes[key] = value;
      }
    }
    return scores;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw std::runtime_error(fmt::format("{}: not a file of scores: {}", path_.string(), why));
  }

  const std::string& text(const std::string& name) const {
    const auto found = file_.metadata.find(kOwnPrefix + name);
    if (found == file_.metadata.end()) {
      refuse(fmt::format("the metadata lacks 'tandem.{}'", name));
    }
    return found->second;
  }

  torch::Tensor tensor(const std::string& name, torch::Dtype dtype) const {
    const auto found = file_.tensors.find(name);
    if (found == file_.tensors.end() || found->second.scalar_type() != dtype ||
        found->second.dim() != 1) {
      refuse(fmt::format("it should hold '{}', {} [n]", name, torch::toString(dtype)));
    }
    return found->second.contiguous();
  }

  Fingerprint fingerprint() const {
    const std::string& hex = text("dataset_fingerprint");
    Fingerprint fingerprint;
    const auto half = [&](std::size_t begin, std::uint64_t& word) {
      const char* first = hex.data() + begin;
      return std::from_chars(first, first + 16, word, 16).ptr == first + 16;
    };
    if (hex.size() != 32 || !half(0, fingerprint.high) || !half(16, fingerprint.low)) {
      refuse(fmt::format("'tandem.dataset_fingerprint' should be 32 hexadecimal digits, is '{}'",
                         hex));
    }
    return fingerprint;
  }

  std::filesystem::path path_;
  TensorFile file_;
};

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
  return ScoresReader(path).read();
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
