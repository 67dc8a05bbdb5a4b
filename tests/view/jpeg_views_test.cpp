#include "jpeg_views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "cmyk_jpeg.h"
#include "tandem/core/key.h"
#include "tandem/picture/jpeg.h"
#include "tandem/view/view_policy.h"

namespace tandem::bench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A smooth picture with some noise; bytes of its file. `channels` is 1 (grey) or 3.
std::vector<std::byte> written_jpeg(int width, int height, int channels = 3,
                                    const JpegOptions& options = {}) {
  RandomStream random({5, Stream::kInit, 0, 0});
  torch::Tensor rows = torch::empty({height, width, channels}, torch::kUInt8);
  std::uint8_t* next = rows.data_ptr<std::uint8_t>();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        const int smooth = (c + 1) * x * 40 / width + y * 60 / height;
        *next++ = static_cast<std::uint8_t>(smooth + static_cast<int>(random.below(20)));
      }
    }
  }
  const std::string file = encode_jpeg(rows.permute({2, 0, 1}), options);
  const auto bytes = std::as_bytes(std::span(file));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> written_cmyk_jpeg(unsigned width, unsigned height) {
  const std::vector<std::uint8_t> inks(std::size_t{4} * width * height, 100);
  const std::vector<std::uint8_t> file = cmyk_jpeg_bytes(width, height, inks);
  const auto bytes = std::as_bytes(std::span(file));
  return {bytes.begin(), bytes.end()};
}

/// The view of one file.
torch::Tensor jpeg_view(const std::vector<std::byte>& bytes, const Box& crop, std::int64_t height,
                        std::int64_t width, bool flip = false) {
  const JpegFile file{bytes, "cat.jpg"};
  return apply_views(std::vector{file}, std::vector{View{.crop = crop, .flip = flip}}, height,
                     width)[0];
}

/// The whole picture at its own size, which scaling leaves as it is.
torch::Tensor whole(const std::vector<std::byte>& bytes, int width, int height) {
  return jpeg_view(bytes, {0, 0, width, height}, height, width);
}

/// Decoded pixels are equal wherever they are decoded from: chroma beside a crop reaches into it.
TEST(JpegViews, DecodesAPartAsItIsInTheWhole) {
  for (const auto& bytes :
       {written_jpeg(123, 77), written_jpeg(123, 77, 3, {.half_chroma = false}),
        written_jpeg(123, 77, 1), written_jpeg(123, 77, 3, {.progressive = true})}) {
    const torch::Tensor all = whole(bytes, 123, 77);
    for (const Box& box : {Box{0, 0, 40, 30}, Box{17, 9, 33, 21}, Box{90, 50, 33, 27},
                           Box{15, 16, 1, 1}, Box{48, 0, 64, 77}, Box{122, 76, 1, 1}}) {
      const torch::Tensor part = jpeg_view(bytes, box, box.height, box.width);
      const torch::Tensor expected =
          all.narrow(1, box.top, box.height).narrow(2, box.left, box.width);
      EXPECT_TRUE(torch::equal(part, expected)) << box.left << " " << box.top;
      EXPECT_TRUE(
          torch::equal(jpeg_view(bytes, box, box.height, box.width, true), expected.flip(2)));
    }
  }
}

/// Averages of equal squares are what a triangle filter is not, but nearly: on a smooth picture the
/// two are a step apart.
TEST(JpegViews, DecodedAtReducedSizeIsNearlyTheSame) {
  const auto bytes = written_jpeg(256, 192);
  const torch::Tensor all = whole(bytes, 256, 192).to(torch::kFloat32);
  for (const int reduction : {2, 4, 8}) {
    const torch::Tensor small =
        jpeg_view(bytes, {0, 0, 256, 192}, 192 / reduction, 256 / reduction).to(torch::kFloat32);
    const torch::Tensor averages =
        all.view({3, 192 / reduction, reduction, 256 / reduction, reduction}).mean({2, 4});
    const torch::Tensor apart = (small - averages).abs();
    EXPECT_LT(apart.mean().item<double>(), 1.0) << reduction;
    EXPECT_LT(apart.max().item<double>(), 12.0) << reduction;
  }
}

TEST(JpegViews, ScalesAFlatPictureToAFlatOne) {
  const auto bytes = written_jpeg(8, 8, 1);
  const torch::Tensor pixel = jpeg_view(bytes, {3, 3, 1, 1}, 5, 7);
  EXPECT_EQ(pixel.min().item<int>(), pixel.max().item<int>());
}

TEST(JpegViews, GivesGreyscaleThreeEqualChannels) {
  const torch::Tensor pixels = whole(written_jpeg(30, 20, 1), 30, 20);
  EXPECT_TRUE(torch::equal(pixels[0], pixels[1]));
  EXPECT_TRUE(torch::equal(pixels[0], pixels[2]));
}

TEST(JpegViews, AreDrawnForTheShapeOfTheFile) {
  const auto bytes = written_jpeg(90, 50);
  const JpegFile file{bytes, "cat.jpg"};
  const ImageShape shape = shape_of(file);
  EXPECT_EQ(shape, (ImageShape{3, 50, 90}));
  const ViewPolicy policy = ViewPolicy::parse("resized-crop:0.1-1,flip");
  for (std::uint32_t k = 0; k < 200; ++k) {
    const View view = policy.draw({1, 0, k}, shape, 1);
    EXPECT_EQ(apply_views(std::vector{file}, std::vector{view}, 24, 32).sizes(),
              (std::vector<std::int64_t>{1, 3, 24, 32}));
  }
}

std::string error_of(const std::vector<std::byte>& bytes, const Box& crop) {
  try {
    jpeg_view(bytes, crop, 8, 8);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(JpegViews, RefuseWhatIsNoWholeJpegAndNameTheFile) {
  const Box all{0, 0, 60, 40};
  auto bytes = written_jpeg(60, 40);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{20}, bytes.size() / 2, bytes.size() - 20}) {
    const std::vector<std::byte> cut(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(error_of(cut, all), StartsWith("cat.jpg: expected a JPEG that is whole")) << size;
  }
  EXPECT_THAT(error_of(std::vector<std::byte>(500, std::byte{7}), all), HasSubstr("cat.jpg"));
  EXPECT_THAT(error_of(written_cmyk_jpeg(60, 40), all), HasSubstr("CMYK"));
}

TEST(JpegViews, SurviveAnyDamage) {
  const auto whole_file = written_jpeg(60, 40);
  RandomStream random({9, Stream::kInit, 0, 0});
  for (int attempt = 0; attempt < 500; ++attempt) {
    auto bytes = whole_file;
    for (int change = 0; change < 3; ++change) {
      bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] ^=
          static_cast<std::byte>(1 + random.below(255));
    }
    try {
      jpeg_view(bytes, {5, 6, 30, 20}, 8, 8);
    } catch (const std::runtime_error&) {
    } catch (const std::invalid_argument&) {  // another size in the header
    }
  }
}

/// A few bytes may claim any size.
TEST(JpegViews, RefuseAPictureTooLargeToBelieve) {
  auto bytes = written_jpeg(60, 40);
  const std::array<std::byte, 2> start_of_frame{std::byte{0xff}, std::byte{0xc0}};
  const auto frame = std::ranges::search(bytes, start_of_frame).begin();
  std::fill(frame + 5, frame + 9, std::byte{0xf0});
  EXPECT_THAT(error_of(bytes, {0, 0, 60, 40}), HasSubstr("61680 x 61680"));
}

TEST(JpegViews, RefuseViewsThatTheyCannotMake) {
  const auto bytes = written_jpeg(60, 40);
  const JpegFile file{bytes, "cat.jpg"};
  for (const Box& box : {Box{-1, 0, 10, 10}, Box{51, 0, 10, 10}, Box{0, 0, 0, 10},
                         Box{0, 31, 10, 10}, Box{2147483647, 0, 2147483647, 1}}) {
    EXPECT_THROW(jpeg_view(bytes, box, 8, 8), std::invalid_argument);
  }
  View view{.crop = {0, 0, 10, 10}};
  EXPECT_THROW(apply_views(std::vector{file, file}, std::vector{view}, 8, 8),
               std::invalid_argument);
  EXPECT_THROW(apply_views(std::vector{file}, std::vector{view}, 0, 8), std::invalid_argument);
  view.operations = {{OperationKind::kInvert}};
  EXPECT_THROW(apply_views(std::vector{file}, std::vector{view}, 8, 8), std::invalid_argument);
}

}  // namespace
}  // namespace tandem::bench
