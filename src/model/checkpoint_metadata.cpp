#include "checkpoint_metadata.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "tandem/core/fingerprinted_file.h"
#include "tandem/core/metadata.h"
#include "tandem/model/weights.h"

namespace tandem {
namespace {

constexpr std::string_view kPrefix = "tandem.";
constexpr const char* kFormatKey = "tandem.format";
constexpr const char* kModelKey = "tandem.model";
constexpr const char* kShapeKey = "tandem.image_shape";
constexpr const char* kClassesKey = "tandem.classes";
constexpr const char* kMeanKey = "tandem.mean";
constexpr const char* kStddevKey = "tandem.stddev";
constexpr const char* kFormat = "2";
constexpr const char* kFormatWithoutFingerprint = "1";

/// Numbers apart by one space. fmt writes the shortest decimal that reads back as the same number.
template <typename Number>
std::string text_of(const std::vector<Number>& numbers) {
  return fmt::format("{}", fmt::join(numbers, " "));
}

}  // namespace

void add_metadata(std::map<std::string, std::string>& metadata,
                  const CheckpointMetadata& checkpoint) {
  for (const auto& [key, note] : metadata) {
    if (key.starts_with(kPrefix)) {
      throw std::invalid_argument(
          fmt::format("save_model: note '{}' must not begin with '{}'", key, kPrefix));
    }
  }
  const auto& [mean, stddev] = checkpoint.normalisation;
  const auto channels = static_cast<std::size_t>(checkpoint.shape.channels);
  if (mean.size() != channels || stddev.size() != channels) {
    throw std::invalid_argument(
        fmt::format("save_model: expected a normalisation of {} channels, got {} means and {} "
                    "standard deviations",
                    channels, mean.size(), stddev.size()));
  }
  const auto& [image_channels, height, width] = checkpoint.shape;
  metadata.emplace(kFormatKey, kFormat);
  metadata.emplace(kModelKey, config_text(checkpoint.model));
  metadata.emplace(kShapeKey, text_of(std::vector{image_channels, height, width}));
  metadata.emplace(kClassesKey, text_of(std::vector{checkpoint.class_count}));
  metadata.emplace(kMeanKey, text_of(mean));
  metadata.emplace(kStddevKey, text_of(stddev));
}

bool is_checkpoint(const std::map<std::string, std::string>& metadata) {
  return metadata.contains(kFormatKey);
}

CheckpointMetadata read_metadata(const std::map<std::string, std::string>& metadata,
                                 const std::string& source) {
  const MetadataReader reader(metadata, source, "a Tandem checkpoint");
  const auto require = [&](const char* key) {
    if (!metadata.contains(key)) {
      reader.refuse(fmt::format("metadata '{}' is missing", key));
    }
  };
  require(kFormatKey);
  const std::string& format = reader.text("format");
  const bool has_fingerprint = metadata.contains(kContentFingerprintKey);
  if (format != kFormat && (format != kFormatWithoutFingerprint || has_fingerprint)) {
    reader.refuse(fmt::format("format '{}' is unknown, this version reads '{}'", format, kFormat));
  }
  CheckpointMetadata checkpoint;
  checkpoint.has_fingerprint = format == kFormat;
  if (checkpoint.has_fingerprint) {
    require(kContentFingerprintKey);
  }
  try {
    ConfigTable::from_text(reader.text("model"), kModelKey).read_into(checkpoint.model);
  } catch (const std::invalid_argument& error) {
    reader.refuse(error.what());
  }
  const auto [channels, height, width] = reader.extents("image_shape");
  checkpoint.shape = {.channels = channels, .height = height, .width = width};
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  checkpoint.class_count = reader.number<std::int64_t>("classes", 1, kMost);
  checkpoint.normalisation = {
      .mean = reader.numbers<double>("mean", static_cast<std::size_t>(channels)),
      .stddev = reader.numbers<double>("stddev", static_cast<std::size_t>(channels))};
  return checkpoint;
}

}  // namespace tandem
