#include "checkpoint_metadata.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string_view>
#include <vector>

#include "tandem/core/parameter_text.h"
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

class MetadataReader {
 public:
  MetadataReader(const std::map<std::string, std::string>& metadata, const std::string& source)
      : metadata_(metadata), source_(source) {}

  [[noreturn]] void refuse(const std::string& why) const {
    throw std::runtime_error(fmt::format("{}: not a Tandem checkpoint: {}", source_, why));
  }

  const std::string& text(const std::string& key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) {
      refuse(fmt::format("metadata '{}' is missing", key));
    }
    return found->second;
  }

  template <typename Number>
  std::vector<Number> numbers(const std::string& key, std::size_t count) const {
    const std::string& numbers_text = text(key);
    const auto numbers = parse_numbers<Number>(numbers_text, ' ');
    if (!numbers || numbers->size() != count) {
      refuse(fmt::format("metadata '{}' should be {} numbers, is '{}'", key, count, numbers_text));
    }
    return *numbers;
  }

 private:
  const std::map<std::string, std::string>& metadata_;
  const std::string& source_;
};

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
  const MetadataReader reader(metadata, source);
  const std::string& format = reader.text(kFormatKey);
  const bool has_fingerprint = metadata.contains(kContentFingerprintKey);
  if (format != kFormat && (format != kFormatWithoutFingerprint || has_fingerprint)) {
    reader.refuse(fmt::format("format '{}' is unknown, this version reads '{}'", format, kFormat));
  }
  CheckpointMetadata checkpoint;
  if (format == kFormat) {
    checkpoint.content_fingerprint = reader.text(kContentFingerprintKey);
  }
  try {
    ConfigTable::from_text(reader.text(kModelKey), kModelKey).read_into(checkpoint.model);
  } catch (const std::invalid_argument& error) {
    reader.refuse(error.what());
  }
  const auto shape = reader.numbers<std::int64_t>(kShapeKey, 3);
  checkpoint.shape = {.channels = shape[0], .height = shape[1], .width = shape[2]};
  checkpoint.class_count = reader.numbers<std::int64_t>(kClassesKey, 1).front();
  const auto channels = static_cast<std::size_t>(checkpoint.shape.channels);
  checkpoint.normalisation = {.mean = reader.numbers<double>(kMeanKey, channels),
                              .stddev = reader.numbers<double>(kStddevKey, channels)};
  return checkpoint;
}

}  // namespace tandem
