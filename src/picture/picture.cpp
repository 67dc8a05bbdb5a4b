#include "tandem/picture/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "jpeg_picture.h"
#include "orientation.h"
#include "png_picture.h"

namespace tandem {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view begin;
  std::string_view name;
};

constexpr std::array kOtherKinds{
    Signature{"GIF8"sv, "a GIF picture"},
    Signature{"BM"sv, "a BMP picture"},
    Signature{"II*\0"sv, "a TIFF picture"},
    Signature{"MM\0*"sv, "a TIFF picture"},
    Signature{"\0\0\0\x0cjP  "sv, "a JPEG 2000 picture"},
    Signature{"8BPS"sv, "a Photoshop picture"},
    Signature{"%PDF"sv, "a PDF document"},
    Signature{"PK\x03\x04"sv, "a zip archive"},
    Signature{"\x1f\x8b"sv, "gzipped data"},
    Signature{"<"sv, "text (a web page?)"},
    Signature{"version https://git-lfs"sv, "a Git LFS pointer, not the file itself"},
};

std::string_view name_of_other_kind(std::string_view content) {
  for (const Signature& known : kOtherKinds) {
    if (content.starts_with(known.begin)) {
      return known.name;
    }
  }
  if (content.starts_with("RIFF") &&
      content.substr(std::min<std::size_t>(content.size(), 8)).starts_with("WEBP")) {
    return "a WebP picture";
  }
  if (content.substr(std::min<std::size_t>(content.size(), 4)).starts_with("ftypavif")) {
    return "an AVIF picture";
  }
  if (content.substr(std::min<std::size_t>(content.size(), 4)).starts_with("ftyphei")) {
    return "a HEIC picture";
  }
  return "no picture at all";
}

}  // namespace

PictureFormat picture_format(std::span<const std::byte> bytes) {
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (content.empty()) {
    throw PictureError("an empty file");
  }
  if (content.starts_with("\xff\xd8\xff")) {
    return PictureFormat::kJpeg;
  }
  if (content.starts_with("\x89PNG\r\n\x1a\n")) {
    return PictureFormat::kPng;
  }
  throw PictureError(fmt::format("{}; JPEG and PNG are read", name_of_other_kind(content)));
}

Picture decode_picture(std::span<const std::byte> bytes, std::int64_t least_side) {
  OrientedPicture read = picture_format(bytes) == PictureFormat::kJpeg
                             ? read_jpeg(bytes, least_side)
                             : read_png(bytes);
  return upright(std::move(read.picture), read.orientation);
}

}  // namespace tandem
