#include "tandem/target/store_description.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <stdexcept>
#include <type_traits>

#include "tandem/core/checksum.h"

namespace tandem {
namespace {

constexpr const char* kFormat = "target-store-1";
constexpr const char* kHeaderChecksum = "tandem.header_crc32";

/// Counts beyond it are refused, so that products of them fit 64 bits.
constexpr std::int64_t kMost = std::int64_t{1} << 40;

/// Of a data set in a mapped file so many are copied at a time.
constexpr std::int64_t kSamplesPerPiece = 256;

std::span<const std::byte> tensor_bytes(const torch::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

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

/// Reads entries of the metadata and refuses in words.
class Entries {
 public:
  Entries(const std::map<std::string, std::string>& metadata, const std::string& source)
      : metadata_(metadata), source_(source) {}

  [[noreturn]] void refuse(const std::string& why) const {
    throw std::runtime_error(fmt::format("{}: not a target store: {}", source_, why));
  }

  const std::string& text(const std::string& name) const {
    const auto found = metadata_.find("tandem." + name);
    if (found == metadata_.end()) {
      refuse(fmt::format("the metadata lacks 'tandem.{}'", name));
    }
    return found->second;
  }

  template <typename Number>
  Number number(const std::string& name, Number lowest, Number highest) const {
    const std::string& value = text(name);
    Number number{};
    const char* end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, number);
    const bool padded = std::is_integral_v<Number> && value.size() > 1 && value.front() == '0';
    if (error != std::errc() || rest != end || padded || !(number >= lowest && number <= highest)) {
      refuse(fmt::format("'tandem.{}' should be a number in {}..{}, is '{}'", name, lowest, highest,
                         value));
    }
    return number;
  }

  /// Stores name a granularity without its count, which follows from their counts of rows and
  /// epochs; only pool and view have more than one epoch.
  Granularity granularity(const std::string& name, std::int64_t clusters,
                          std::int64_t epochs) const {
    const std::string& value = text(name);
    const std::int64_t count = value == "cluster" ? clusters : value == "pool" ? epochs : 0;
    Granularity granularity;
    try {
      granularity = Granularity::parse(count > 0 ? fmt::format("{}:{}", value, count) : value);
    } catch (const std::invalid_argument&) {
      refuse_granularity(name, epochs);
    }
    if (!granularity.per_view() && epochs != 1) {
      refuse_granularity(name, epochs);
    }
    return granularity;
  }

  std::optional<Fusion> fusion(const std::string& name) const {
    const std::string& value = text(name);
    try {
      return value.empty() ? std::nullopt : std::optional(Fusion::parse(value));
    } catch (const std::invalid_argument&) {
      refuse(fmt::format("'tandem.{}' should be canonical, mean:M or empty, is '{}'", name, value));
    }
  }

  Fingerprint fingerprint(const std::string& name) const {
    const std::string& value = text(name);
    Fingerprint fingerprint;
    const auto half = [&](std::size_t begin, std::uint64_t& word) {
      const char* first = value.data() + begin;
      return std::from_chars(first, first + 16, word, 16).ptr == first + 16;
    };
    const bool good = value.size() == 32 && half(0, fingerprint.high) && half(16, fingerprint.low);
    if (!good) {
      refuse(fmt::format("'tandem.{}' should be 32 hexadecimal digits, is '{}'", name, value));
    }
    return fingerprint;
  }

  ImageShape shape(const std::string& name) const {
    const std::string& value = text(name);
    const char* next = value.data();
    const char* const end = next + value.size();
    std::int64_t extents[3] = {};
    for (std::int64_t& extent : extents) {
      next = std::from_chars(next, end, extent).ptr;
      next += next < end && *next == ' ' ? 1 : 0;
    }
    const ImageShape shape{extents[0], extents[1], extents[2]};
    if (value != text_of(shape) || *std::min_element(extents, extents + 3) < 1) {
      refuse(fmt::format("'tandem.{}' should be channels, height and width, is '{}'", name, value));
    }
    return shape;
  }

 private:
  [[noreturn]] void refuse_granularity(const std::string& name, std::int64_t epochs) const {
    refuse(
        fmt::format("'tandem.{}' should be class, cluster or sample of 1 epoch, or pool or "
                    "view, is '{}' of {}",
                    name, text(name), epochs));
  }

  const std::map<std::string, std::string>& metadata_;
  const std::string& source_;
};

}  // namespace

std::int64_t StoreDescription::keys() const {
  return granularity.targets(classes, samples, epochs);
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
        tensor_bytes(samples_in_order.images(first, std::min(kSamplesPerPiece, samples - first))));
  }
  images_crc32 = images.hex();
  labels_crc32 = Crc32().bytes(tensor_bytes(samples_in_order.labels())).hex();
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
  const Entries entries(metadata, source);
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
    d.granularity = entries.granularity("granularity", keys / d.classes, d.epochs);
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
  d.fusion = entries.fusion("fusion");
  d.temperature = entries.number<double>("temperature", 1e-6, 1e6);
  d.dataset = entries.text("dataset");
  d.dataset_fingerprint = entries.fingerprint("dataset_fingerprint");
  d.image_shape = entries.shape("image_shape");
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
