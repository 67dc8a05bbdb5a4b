#include "tandem/target/store_description.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/core/checksum.h"
#include "tandem/core/metadata.h"
#include "tandem/core/tensor_bytes.h"

namespace tandem {
namespace {

constexpr const char* kFormat = "target-store-1";
constexpr const char* kHeaderChecksum = "tandem.header_crc32";

/// Counts beyond it are refused, so that products of them fit 64 bits.
constexpr std::int64_t kMost = std::int64_t{1} << 40;

/// Of a data set in a mapped file so many are copied at a time.
constexpr std::int64_t kSamplesPerPiece = 256;

std::string header_checksum(const std::map<std::string, std::string>& metadata) {
  Crc32 checksum;
  for (const auto& [key, value] : metadata) {
    if (key != kHeaderChecksum) {
      checksum.text(key).text("=").text(value).text("\n");
    }
  }
  return checksum.hex();
}

std::string text_of(const ImageShape& shape) {
  return fmt::format("{} {} {}", shape.channels, shape.height, shape.width);
}

[[noreturn]] void refuse_granularity(const MetadataReader& entries, std::int64_t epochs) {
  entries.refuse(
      fmt::format("'tandem.granularity' should be class, cluster or sample of 1 epoch, or pool or "
                  "view, is '{}' of {}",
                  entries.text("granularity"), epochs));
}

/// Stores name a granularity without its count, which follows from their counts of rows and epochs;
/// only pool and view have more than one epoch.
Granularity read_granularity(const MetadataReader& entries, std::int64_t clusters,
                             std::int64_t epochs) {
  const std::string& value = entries.text("granularity");
  const std::optional<Granularity> granularity =
      Granularity::of_store(value, {.rows_per_class = clusters, .epochs = epochs});
  if (!granularity || (!granularity->per_view() && epochs != 1)) {
    refuse_granularity(entries, epochs);
  }
  return *granularity;
}

std::optional<Fusion> read_fusion(const MetadataReader& entries) {
  const std::string& value = entries.text("fusion");
  try {
    return value.empty() ? std::nullopt : std::optional(Fusion::parse(value));
  } catch (const std::invalid_argument&) {
    entries.refuse(
        fmt::format("'tandem.fusion' should be canonical, mean:M or empty, is '{}'", value));
  }
}

}  // namespace

std::int64_t StoreDescription::keys() const {
  return granularity.targets(extent());
}

void StoreDescription::describe(const Dataset& samples_in_order) {
  dataset = samples_in_order.name();
  dataset_fingerprint = samples_in_order.fingerprint();
  image_shape = samples_in_order.image_shape();
  classes = samples_in_order.class_count();
  samples = samples_in_order.size();
  Crc32 images;
  for (std::int64_t first = 0; first < samples; first += kSamplesPerPiece) {
    images.bytes(
        bytes_of(samples_in_order.images(first, std::min(kSamplesPerPiece, samples - first))));
  }
  images_crc32 = images.hex();
  labels_crc32 = Crc32().bytes(bytes_of(samples_in_order.labels())).hex();
}

bool is_for_people(std::string_view key) {
  return key == "tandem.dataset" || key == "tandem.teacher" || key == kHeaderChecksum;
}

std::map<std::string, std::string> to_metadata(const StoreDescription& description,
                                               const std::string& tables_crc32) {
  const StoreDescription& d = description;
  std::map<std::string, std::string> metadata{
      {"tandem.format", kFormat},
      {"tandem.granularity", std::string(d.granularity.name())},
      {"tandem.epochs", fmt::format("{}", d.epochs)},
      {"tandem.content", std::string(text_of(d.content))},
      {"tandem.width", fmt::format("{}", d.width)},
      {"tandem.fusion", d.fusion ? d.fusion->text() : ""},
      {"tandem.temperature", fmt::format("{}", d.temperature)},
      {"tandem.encoding", d.encoding.text()},
      {"tandem.block_rows", fmt::format("{}", kBlockRows)},
      {"tandem.keys", fmt::format("{}", d.keys())},
      {"tandem.dataset", d.dataset},
      {"tandem.dataset_fingerprint", d.dataset_fingerprint.hex()},
      {"tandem.image_shape", text_of(d.image_shape)},
      {"tandem.classes", fmt::format("{}", d.classes)},
      {"tandem.samples", fmt::format("{}", d.samples)},
      {"tandem.images_crc32", d.images_crc32},
      {"tandem.labels_crc32", d.labels_crc32},
      {"tandem.teacher", d.teacher},
      {"tandem.teacher_fingerprint", d.teacher_fingerprint.hex()},
      {"tandem.views", d.views},
      {"tandem.views_fingerprint", d.views_fingerprint.hex()},
      {"tandem.view_seed", fmt::format("{}", d.view_seed)},
      {kTablesChecksum, tables_crc32}};
  metadata.emplace(kHeaderChecksum, header_checksum(metadata));
  return metadata;
}

StoreDescription description_of(const std::map<std::string, std::string>& metadata,
                                const std::string& source) {
  const MetadataReader entries(metadata, source, "a target store");
  if (entries.text("format") != kFormat) {
    entries.refuse(fmt::format("format '{}' is unknown, this version reads '{}'",
                               entries.text("format"), kFormat));
  }
  if (entries.text("header_crc32") != header_checksum(metadata)) {
    entries.refuse(fmt::format("the metadata is damaged: its checksum is {}, it says {}",
                               header_checksum(metadata), entries.text("header_crc32")));
  }
  StoreDescription d;
  try {
    d.content = parse_content(entries.text("content"));
    d.encoding = Encoding::parse(entries.text("encoding"));
    d.epochs = entries.number<std::int64_t>("epochs", 1, kMost);
    d.classes = entries.number<std::int64_t>("classes", 1, kMost);
    d.samples = entries.number<std::int64_t>("samples", 1, kMost / d.epochs);
    d.width = entries.number<std::int64_t>("width", 1, 1 << 24);
    const auto keys = entries.number<std::int64_t>("keys", 1, kMost);
    d.granularity = read_granularity(entries, keys / d.classes, d.epochs);
    if (d.keys() != keys) {
      entries.refuse(fmt::format("'tandem.keys' should be {}, is {}", d.keys(), keys));
    }
    check_encoding(d.encoding, d.content, d.width);
  } catch (const std::invalid_argument& error) {
    entries.refuse(error.what());
  }
  if (!needs_teacher(d.content)) {
    entries.refuse(fmt::format("'tandem.content' should be probs, logits or features, is '{}'",
                               text_of(d.content)));
  }
  if (d.content != Content::kFeatures && d.width != d.classes) {
    entries.refuse(
        fmt::format("{} of {} classes are {} wide", text_of(d.content), d.classes, d.width));
  }
  entries.number<std::int64_t>("block_rows", kBlockRows, kBlockRows);
  d.fusion = read_fusion(entries);
  d.temperature = entries.number<double>("temperature", 1e-6, 1e6);
  d.dataset = entries.text("dataset");
  d.dataset_fingerprint = entries.fingerprint("dataset_fingerprint");
  const auto [channels, height, width] = entries.extents("image_shape");
  d.image_shape = {.channels = channels, .height = height, .width = width};
  d.images_crc32 = entries.text("images_crc32");
  d.labels_crc32 = entries.text("labels_crc32");
  d.teacher = entries.text("teacher");
  d.teacher_fingerprint = entries.fingerprint("teacher_fingerprint");
  d.views = entries.text("views");
  d.views_fingerprint = entries.fingerprint("views_fingerprint");
  d.view_seed = entries.number<std::uint64_t>("view_seed", 0, ~std::uint64_t{0});
  return d;
}

}  // namespace tandem
