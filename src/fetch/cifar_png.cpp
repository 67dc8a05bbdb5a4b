#include "cifar_png.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "tandem/picture/picture.h"

namespace tandem {
namespace {

constexpr std::size_t kPngWidth = 32 * 32;  // the pixels of an image, which is a row
constexpr std::size_t kRgb = 3;
constexpr unsigned kMostLabel = 9;

std::vector<std::uint8_t> read_rgb_rows(const std::filesystem::path& path, std::size_t rows) {
  const auto fail = [&](const std::string& found) {
    throw std::runtime_error(fmt::format("{}: expected a PNG picture of {} x {} pixels, found {}",
                                         path.string(), kPngWidth, rows, found));
  };
  Picture picture;
  try {
    const std::string bytes = read_file(path);
    picture = decode_picture(std::as_bytes(std::span(bytes)));
  } catch (const PictureError& error) {
    fail(error.what());
  }
  if (picture.width != std::int64_t{kPngWidth} ||
      picture.height != static_cast<std::int64_t>(rows)) {
    fail(fmt::format("{} x {}", picture.width, picture.height));
  }
  return std::move(picture.rgb);
}

}  // namespace

std::string cifar_batch_from_png(const std::filesystem::path& png,
                                 std::span<const std::uint8_t> labels) {
  const std::vector<std::uint8_t> pixels = read_rgb_rows(png, labels.size());
  std::string batch;
  batch.reserve(labels.size() + pixels.size());
  for (std::size_t row = 0; row < labels.size(); ++row) {
    batch += static_cast<char>(labels[row]);
    const std::uint8_t* image = pixels.data() + row * kPngWidth * kRgb;
    for (std::size_t channel = 0; channel < kRgb; ++channel) {
      for (std::size_t pixel = 0; pixel < kPngWidth; ++pixel) {
        batch += static_cast<char>(image[pixel * kRgb + channel]);
      }
    }
  }
  return batch;
}

std::vector<std::uint8_t> read_json_labels(const std::filesystem::path& path) {
  const auto json = nlohmann::json::parse(read_file(path), nullptr, /*allow_exceptions=*/false);
  std::vector<std::uint8_t> labels;
  bool fits = json.is_array();
  for (std::size_t k = 0; fits && k < json.size(); ++k) {
    fits = json[k].is_number_unsigned() && json[k].get<std::uint64_t>() <= kMostLabel;
    if (fits) {
      labels.push_back(json[k].get<std::uint8_t>());
    }
  }
  if (!fits) {
    throw std::runtime_error(
        fmt::format("{}: expected a JSON array of labels in 0..{}", path.string(), kMostLabel));
  }
  return labels;
}

}  // namespace tandem
