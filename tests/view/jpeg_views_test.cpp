#include "jpeg_views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <jpeglib.h>  // needs <cstdio>

#include "noise.h"
#include "tandem/view/view_policy.h"

namespace tandem::bench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct JpegStyle {
  int components = 3;  ///< 1 grey, 3 RGB, 4 CMYK
  int chroma = 2;      ///< 2: 4:2:0, 1: 4:4:4
  bool progressive = false;
};

/// A smooth picture with some noise; bytes of its file.
std::vector<std::byte> written_jpeg(int width, int height, const JpegStyle& style = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = style.components;
  info.in_color_space = style.components == 1   ? JCS_GRAYSCALE
                        : style.components == 3 ? JCS_RGB
                                                : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 90, TRUE);
  if (style.components == 3) {
    info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = style.chroma;
  }
  if (style.progressive) {
    jpeg_simple_progression(&info);
  }
  jpeg_start_compress(&info, TRUE);
  RandomStream random({5, Stream::kInit, 0, 0});
  std::vector<unsigned char> row(static_cast<std::size_t>(width * style.components));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < style.components; ++c) {
        const int smooth = (c + 1) * x * 40 / width + y * 60 / height;
        row[static_cast<std::size_t>(x * style.components + c)] =
            static_cast<unsigned char>(smooth + static_cast<int>(random.below(20)));
      }
    }
    unsigned char* rows = row.data();
    jpeg_write_scanlines(&info, &rows, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const auto* first = reinterpret_cast<const std::byte*>(memory);
  std::vector<std::byte> bytes(first, first + size);
  std::free(memory);
  return bytes;
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
  for (const JpegStyle& style : {JpegStyle{}, JpegStyle{.chroma = 1}, JpegStyle{.components = 1},
                                 JpegStyle{.progressive = true}}) {
    const auto bytes = written_jpeg(123, 77, style);
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
  const auto bytes = written_jpeg(8, 8, {.components = 1});
  const torch::Tensor pixel = jpeg_view(bytes, {3, 3, 1, 1}, 5, 7);
  EXPECT_EQ(pixel.min().item<int>(), pixel.max().item<int>());
}

TEST(JpegViews, GivesGreyscaleThreeEqualChannels) {
  const torch::Tensor pixels = whole(written_jpeg(30, 20, {.components = 1}), 30, 20);
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
  EXPECT_THAT(error_of(written_jpeg(60, 40, {.components = 4}), all), HasSubstr("CMYK"));
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
