#include "tandem/picture/png.h"

#include <gtest/gtest.h>
#include <png.h>

#include <stdexcept>
#include <string>

namespace tandem {
namespace {

torch::Tensor decode_png(const std::string& bytes, bool grey) {
  png_image header = {};
  header.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&header, bytes.data(), bytes.size()) == 0) {
    throw std::runtime_error(header.message);
  }
  header.format = grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  torch::Tensor pixels = torch::empty({static_cast<std::int64_t>(header.height),
                                       static_cast<std::int64_t>(header.width), grey ? 1 : 3},
                                      torch::kUInt8);
  png_image_finish_read(&header, nullptr, pixels.data_ptr(), 0, nullptr);
  return pixels.permute({2, 0, 1});
}

TEST(EncodePng, KeepsEveryPixelOfGreyAndColourImages) {
  const torch::Tensor colour = torch::arange(3 * 5 * 7).reshape({3, 5, 7}).to(torch::kUInt8);
  EXPECT_TRUE(torch::equal(decode_png(encode_png(colour), false), colour));
  EXPECT_TRUE(
      torch::equal(decode_png(encode_png(colour.slice(0, 0, 1)), true), colour.slice(0, 0, 1)));
}

TEST(EncodePng, RefusesOtherTypesAndShapes) {
  EXPECT_THROW(encode_png(torch::zeros({1, 4, 4})), std::invalid_argument);
  EXPECT_THROW(encode_png(torch::zeros({2, 4, 4}, torch::kUInt8)), std::invalid_argument);
  EXPECT_THROW(encode_png(torch::zeros({4, 4}, torch::kUInt8)), std::invalid_argument);
  EXPECT_THROW(encode_png(torch::zeros({1, 0, 4}, torch::kUInt8)), std::invalid_argument);
  EXPECT_THROW(encode_png({}), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
