#include "orientation.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace tandem {
namespace {

constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kShortType = 3;
constexpr std::size_t kEntryBytes = 12;

/// Numbers of a TIFF structure, either end first; 0 beyond its end.
class TiffNumbers {
 public:
  explicit TiffNumbers(std::span<const std::byte> bytes)
      : bytes_(bytes), little_(bytes.size() >= 2 && bytes[0] == std::byte{'I'}) {}

  std::uint32_t at(std::size_t place, std::size_t width) const {
    if (place > bytes_.size() || bytes_.size() - place < width) {
      return 0;
    }
    std::uint32_t number = 0;
    for (std::size_t k = 0; k < width; ++k) {
      const std::size_t next = little_ ? width - 1 - k : k;
      number = number << 8 | std::to_integer<std::uint32_t>(bytes_[place + next]);
    }
    return number;
  }

 private:
  std::span<const std::byte> bytes_;
  bool little_;
};

}  // namespace

int exif_orientation(std::span<const std::byte> tiff) {
  const TiffNumbers numbers(tiff);
  if (numbers.at(2, 2) != 42) {
    return 1;
  }
  const std::size_t folder = numbers.at(4, 4);
  const std::uint32_t entries = numbers.at(folder, 2);
  for (std::uint32_t k = 0; k < entries; ++k) {
    const std::size_t entry = folder + 2 + k * kEntryBytes;
    if (entry >= tiff.size()) {
      break;
    }
    if (numbers.at(entry, 2) == kOrientationTag && numbers.at(entry + 2, 2) == kShortType) {
      const std::uint32_t value = numbers.at(entry + 8, 2);
      return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
  }
  return 1;
}

Picture upright(Picture picture, int orientation) {
  if (orientation <= 1 || orientation > 8) {
    return picture;
  }
  const std::int64_t width = picture.width, height = picture.height;
  const bool on_its_side = orientation >= 5;
  Picture turned{.width = on_its_side ? height : width,
                 .height = on_its_side ? width : height,
                 .rgb = std::vector<std::uint8_t>(picture.rgb.size()),
                 .full_width = on_its_side ? picture.full_height : picture.full_width,
                 .full_height = on_its_side ? picture.full_width : picture.full_height,
                 .reduction = picture.reduction};
  // Which way the stored rows and columns run, as the tag's definition says.
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  std::uint8_t* output = turned.rgb.data();
  for (std::int64_t y = 0; y < turned.height; ++y) {
    for (std::int64_t x = 0; x < turned.width; ++x, output += 3) {
      std::int64_t column = on_its_side ? y : x, row = on_its_side ? x : y;
      column = from_right ? width - 1 - column : column;
      row = from_below ? height - 1 - row : row;
      std::memcpy(output, picture.rgb.data() + 3 * (row * width + column), 3);
    }
  }
  return turned;
}

void check_extent(std::int64_t width, std::int64_t height, std::int64_t bytes,
                  std::int64_t most_for_each_byte) {
  if (width < 1 || height < 1) {
    throw PictureError(fmt::format("a picture of {} x {} pixels", width, height));
  }
  if (width > kMostPixels / height) {
    throw PictureError(fmt::format("a picture of {} x {} pixels, where at most {} million are read",
                                   width, height, kMostPixels / 1'000'000));
  }
  if (width * height > bytes * most_for_each_byte) {
    throw PictureError(
        fmt::format("a picture of {} x {} pixels, by its header, in {} bytes, which "
                    "cannot hold so many",
                    width, height, bytes));
  }
}

}  // namespace tandem
