#include "image_cache_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "tandem/core/mapped_file.h"
#include "tandem/core/metadata.h"
#include "tandem/core/safetensors.h"
#include "tandem/core/tensor_bytes.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// Up to so many bytes of pixels are checked whenever a file is opened.
constexpr std::int64_t kCheckedBytes = std::int64_t{256} << 20;
constexpr std::int64_t kCheckedSpread = 512;  ///< images of a larger file

template <typename Number>
void add(Fingerprinter& tables, std::span<const Number> numbers) {
  tables.number(static_cast<std::int64_t>(numbers.size())).bytes(std::as_bytes(numbers));
}

constexpr const char* kKind = "a valid image cache";

[[noreturn]] void refuse_cache(const fs::path& path, const std::string& why) {
  throw std::runtime_error(fmt::format("{}: not {}: {}", path.string(), kKind, why));
}

/// The parts of a mapped cache file, of the dtypes and shapes that they should have.
struct CacheTensors {
  torch::Tensor labels, fingerprints, sums, images, files, report;
};

CacheTensors checked_tensors(const fs::path& path, const TensorFile& file) {
  const auto tensor = [&](const char* name, torch::Dtype dtype, std::int64_t dimensions) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end() || found->second.scalar_type() != dtype ||
        found->second.dim() != dimensions) {
      refuse_cache(path, fmt::format("expected a tensor '{}' of {} and {} dimension(s)", name,
                                     c10::toString(dtype), dimensions));
    }
    return found->second;
  };
  CacheTensors tensors{.labels = tensor("labels", torch::kInt64, 1),
                       .fingerprints = tensor("fingerprints", torch::kInt64, 2),
                       .sums = tensor("sums", torch::kInt64, 3),
                       .images = tensor("images", torch::kUInt8, 4),
                       .files = tensor("files", torch::kUInt8, 1),
                       .report = tensor("report", torch::kUInt8, 1)};
  const std::int64_t count = tensors.labels.size(0);
  if (tensors.fingerprints.sizes() != torch::IntArrayRef({count, 2}) ||
      tensors.sums.sizes() != torch::IntArrayRef({count, kCacheChannels, 2}) ||
      tensors.images.size(0) != count || tensors.images.size(1) != kCacheChannels ||
      tensors.images.size(2) != tensors.images.size(3) || tensors.images.numel() == 0) {
    refuse_cache(path, "its tensors do not belong together");
  }
  return tensors;
}

std::span<const std::int64_t> numbers_of(const torch::Tensor& tensor) {
  return {tensor.data_ptr<std::int64_t>(), static_cast<std::size_t>(tensor.numel())};
}

std::string_view text_in(const torch::Tensor& tensor) {
  const std::span<const std::byte> bytes = bytes_of(tensor);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Throws where image `row` has other pixels than its fingerprint says.
void check_image(const fs::path& path, const CacheTensors& tensors, std::int64_t row) {
  const std::uint64_t bytes = static_cast<std::uint64_t>(tensors.images[0].numel());
  const std::int64_t* words = tensors.fingerprints.data_ptr<std::int64_t>() + 2 * row;
  if (words[0] == 0 && words[1] == 0) {
    return;  // a bad picture
  }
  const Fingerprint found = fingerprint_of_pixels(
      tensors.images.data_ptr<std::uint8_t>() + static_cast<std::uint64_t>(row) * bytes, bytes);
  if (found.high != static_cast<std::uint64_t>(words[0]) ||
      found.low != static_cast<std::uint64_t>(words[1])) {
    refuse_cache(path, fmt::format("image {} is damaged", row));
  }
}

TensorFile map_checked(const fs::path& path) {
  TensorFile file = map_safetensors(path);
  const MetadataReader entries(file.metadata, path.string(), kKind);
  if (entries.text("format") != kCacheFormat) {
    entries.refuse(
        fmt::format("expected format {}, found '{}'", kCacheFormat, entries.text("format")));
  }
  const CacheTensors tensors = checked_tensors(path, file);
  const Fingerprint tables = fingerprint_of_tables(
      numbers_of(tensors.labels), numbers_of(tensors.fingerprints), numbers_of(tensors.sums),
      text_in(tensors.files), text_in(tensors.report));
  if (entries.fingerprint("tables") != tables) {
    entries.refuse("its tables are damaged");
  }
  return file;
}

}  // namespace

CachePlaces::CachePlaces(std::int64_t count, std::int64_t side)
    : labels(kCacheDataOffset),
      fingerprints(labels + 8 * static_cast<std::uint64_t>(count)),
      sums(fingerprints + 16 * static_cast<std::uint64_t>(count)),
      images(sums + 16 * static_cast<std::uint64_t>(kCacheChannels * count)),
      end(images + static_cast<std::uint64_t>(kCacheChannels * count * side * side)) {}

Fingerprint fingerprint_of_pixels(const std::uint8_t* pixels, std::uint64_t count) {
  return Fingerprinter().bytes(std::as_bytes(std::span(pixels, count))).digest();
}

Fingerprint fingerprint_of_tables(std::span<const std::int64_t> labels,
                                  std::span<const std::int64_t> fingerprints,
                                  std::span<const std::int64_t> sums, std::string_view files,
                                  std::string_view report) {
  Fingerprinter tables;
  add(tables, labels);
  add(tables, fingerprints);
  add(tables, sums);
  return tables.text(files).text(report).digest();
}

CachedImages open_cache_file(const fs::path& path, const CacheContent& expected) {
  const TensorFile file = map_checked(path);
  const CacheTensors tensors = checked_tensors(path, file);
  const MetadataReader entries(file.metadata, path.string(), kKind);
  if (entries.fingerprint("content") != expected.content ||
      tensors.images.size(3) != expected.side ||
      tensors.images.size(0) != std::ssize(expected.files)) {
    refuse_cache(path, "it holds other pictures than its name says");
  }
  const std::int64_t count = tensors.images.size(0);
  const bool small = tensors.images.numel() <= kCheckedBytes;
  const std::int64_t stride = small ? 1 : std::max<std::int64_t>(count / kCheckedSpread, 1);
  if (!small) {
    will_read_anywhere(bytes_of(tensors.images));
    for (std::int64_t row = 0; row < count; row += stride) {
      will_read_soon(bytes_of(tensors.images[row]));
    }
  }
  for (std::int64_t row = 0; row < count; row += stride) {
    check_image(path, tensors, row);
  }
  CachedImages cached{.images = {tensors.images, tensors.fingerprints, tensors.sums, !small}};
  try {
    const auto report = nlohmann::json::parse(text_in(tensors.report));
    report.at("bad").get_to(cached.bad);
    report.at("notes").get_to(cached.notes);
  } catch (const nlohmann::json::exception& error) {
    refuse_cache(path, error.what());
  }
  for (const auto* remarks : {&cached.bad, &cached.notes}) {
    for (const auto& [row, word] : *remarks) {
      if (row < 0 || row >= count) {
        refuse_cache(path, fmt::format("it remarks on image {} of {}", row, count));
      }
    }
  }
  return cached;
}

void check_image_cache(const fs::path& path) {
  const TensorFile file = map_checked(path);
  const CacheTensors tensors = checked_tensors(path, file);
  for (std::int64_t row = 0; row < tensors.images.size(0); ++row) {
    check_image(path, tensors, row);
  }
}

}  // namespace tandem
