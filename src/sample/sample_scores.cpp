#include "tandem/sample/sample_scores.h"

#include <fmt/format.h>

#include <charconv>
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

}  // namespace tandem
