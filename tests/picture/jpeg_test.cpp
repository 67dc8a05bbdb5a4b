#include "tandem/picture/jpeg.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>

#include "tandem/picture/picture.h"

namespace tandem {
namespace {

/// Smooth, with colours that change along both sides.
torch::Tensor ramp(std::int64_t channels, std::int64_t height, std::int64_t width) {
  const torch::Tensor across = torch::arange(width).mul(200).div(width, "floor");
  const torch::Tensor down = torch::arange(height).mul(50).div(height, "floor").unsqueeze(1);
  const torch::Tensor shift = torch::arange(channels).view({channels, 1, 1});
  return (across + down).unsqueeze(0).add(shift).to(torch::kUInt8);
}

/// uint8 [3, height, width]
torch::Tensor decoded(const std::string& bytes) {
  Picture picture = decode_picture(std::as_bytes(std::span(bytes)));
  return torch::from_blob(picture.rgb.data(), {picture.height, picture.width, 3}, torch::kUInt8)
      .permute({2, 0, 1})
      .contiguous();
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a.to(torch::kFloat64) - b).abs().max().item<double>();
}

TEST(EncodeJpeg, IsReadBackNearlyAsItWas) {
  for (const std::int64_t channels : {1, 3}) {
    const torch::Tensor image = ramp(channels, 21, 37);
    for (const bool half_chroma : {false, true}) {
      for (const bool progressive : {false, true}) {
        const torch::Tensor back = decoded(encode_jpeg(image, {95, half_chroma, progressive}));
        EXPECT_LE(largest_difference(back, image.expand({3, 21, 37})), 4);
      }
    }
  }
}

TEST(EncodeJpeg, WritesWhatIsAskedFor) {
  // The header of a frame: marker, length, bits, height, width, channels, and of each channel its
  // number, sampling and table (ITU T.81, B.2.2).
  const auto frame = [](const std::string& bytes, std::string_view marker) {
    const std::size_t place = bytes.find(marker);
    return place == std::string::npos ? "" : bytes.substr(place, 13);
  };
  const torch::Tensor image = ramp(3, 16, 32);
  const std::string halved = frame(encode_jpeg(image), "\xff\xc0");
  ASSERT_EQ(halved.size(), 13u);
  EXPECT_EQ(halved.substr(5, 5), std::string("\0\x10\0\x20\x03", 5));
  EXPECT_EQ(halved[11], 0x22);
  EXPECT_EQ(frame(encode_jpeg(image, {.half_chroma = false}), "\xff\xc0")[11], 0x11);
  EXPECT_NE(frame(encode_jpeg(image, {.progressive = true}), "\xff\xc2"), "");
  EXPECT_LT(encode_jpeg(image, {.quality = 20}).size(), encode_jpeg(image).size());
}

TEST(EncodeJpeg, RefusesWhatNoJpegHolds) {
  EXPECT_THROW(encode_jpeg(torch::zeros({1, 4, 4})), std::invalid_argument);
  EXPECT_THROW(encode_jpeg(torch::zeros({4, 4, 4}, torch::kUInt8)), std::invalid_argument);
  EXPECT_THROW(encode_jpeg({}), std::invalid_argument);
  EXPECT_THROW(encode_jpeg(torch::zeros({1, 1, 65501}, torch::kUInt8)), std::invalid_argument);
  EXPECT_THROW(encode_jpeg(ramp(1, 4, 4), {.quality = 0}), std::invalid_argument);
  EXPECT_THROW(encode_jpeg(ramp(1, 4, 4), {.quality = 101}), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
