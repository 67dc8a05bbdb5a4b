// The decoders of JPEG and PNG. A PNG's checksums are set right first: behind wrong ones nothing
// would be tried.

#include <algorithm>
#include <span>

#include "fuzz_target.h"
#include "picture_bytes.h"
#include "tandem/picture/fit_square.h"
#include "tandem/picture/picture.h"

namespace tandem {
namespace {

constexpr std::size_t kSignatureBytes = 8;

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/// Each chunk is its length, its name and content, and the checksum of those two.
void set_checksums(Bytes& png) {
  for (std::size_t place = kSignatureBytes; place + 12 <= png.size();) {
    const std::size_t length = big_endian(png.data() + place);
    if (length > png.size() - place - 12) {
      return;
    }
    const auto sum = crc32(0, png.data() + place + 4, static_cast<uInt>(length + 4));
    for (std::size_t k = 0; k < 4; ++k) {
      png[place + 8 + length + k] = static_cast<std::uint8_t>(sum >> (24 - 8 * k));
    }
    place += 12 + length;
  }
}

}  // namespace

void read_input(std::string_view text) {
  Bytes bytes(text.begin(), text.end());
  if (text.starts_with("\x89PNG\r\n\x1a\n")) {
    set_checksums(bytes);
  }
  for (const std::int64_t least_side : {0, 16}) {
    read_or_refuse([&] {
      const Picture picture = decode_picture(std::as_bytes(std::span(bytes)), least_side);
      must_hold(std::ssize(picture.rgb) == 3 * picture.width * picture.height,
                "a pixel for each place");
      Bytes planes(3 * 8 * 8);
      fit_square(picture, 8, planes.data());
    });
  }
}

void write_seeds(const std::filesystem::path& folder) {
  write_bytes(folder / "jpeg", jpeg_bytes(ramp_picture(20, 17), exif_bytes(6)));
  write_bytes(folder / "grey", jpeg_bytes(plain_picture(9, 9, {5})));
  const torch::Tensor image = torch::full({3, 24, 24}, 100, torch::kUInt8);
  const std::string progressive = encode_jpeg(image, {.progressive = true});
  write_bytes(folder / "progressive", Bytes(progressive.begin(), progressive.end()));
  write_bytes(folder / "png", png_bytes(ramp_picture(9, 7)));
  write_bytes(folder / "grey-png",
              png_bytes(plain_picture(9, 9, {5}), {.colour = PNG_COLOR_TYPE_GRAY}));
}

}  // namespace tandem
