#include "tandem/view/operations.h"

#include <ATen/ops/reflection_pad2d.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "noise.h"
#include "tandem/view/apply.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

/// One image as docs/views.md has it: integers by channel, row and column.
class Picture {
 public:
  explicit Picture(const torch::Tensor& image)
      : channels(image.size(0)), height(image.size(1)), width(image.size(2)) {
    const torch::Tensor flat = image.to(torch::kInt64).contiguous();
    values_.assign(flat.data_ptr<std::int64_t>(), flat.data_ptr<std::int64_t>() + flat.numel());
  }

  std::int64_t& at(std::int64_t c, std::int64_t y, std::int64_t x) {
    return values_[static_cast<std::size_t>((c * height + y) * width + x)];
  }

  std::int64_t or_black(std::int64_t c, std::int64_t y, std::int64_t x) {
    return y >= 0 && y < height && x >= 0 && x < width ? at(c, y, x) : 0;
  }

  /// Each pixel becomes `change(c, y, x, pixel)` of the picture as it was.
  template <typename Change>
  void each(Change&& change) {
    Picture next = *this;
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x) {
          next.at(c, y, x) = change(c, y, x, at(c, y, x));
        }
      }
    }
    values_ = next.values_;
  }

  std::int64_t gray(std::int64_t y, std::int64_t x) {
    return (19595 * at(0, y, x) + 38470 * at(1, y, x) + 7471 * at(2, y, x) + 32768) >> 16;
  }

  std::vector<std::int64_t> channel(std::int64_t c) const {
    const auto first = values_.begin() + c * height * width;
    return {first, first + height * width};
  }

  torch::Tensor tensor() const {
    return torch::tensor(values_).view({channels, height, width}).to(torch::kUInt8);
  }

  std::int64_t channels, height, width;

 private:
  std::vector<std::int64_t> values_;
};

std::int64_t page_blend(std::int64_t a, std::int64_t b, std::int64_t f) {
  return std::clamp<std::int64_t>((65536 * a + f * (b - a)) >> 16, 0, 255);
}

std::int64_t page_mirrored(std::int64_t place, std::int64_t size) {
  while (size > 1 && (place < 0 || place >= size)) {
    place = place < 0 ? -place : 2 * (size - 1) - place;
  }
  return size > 1 ? place : 0;
}

std::int64_t page_mean(Picture& picture) {
  std::int64_t sum = 0, count = 0;
  for (std::int64_t c = 0; c < (picture.channels == 3 ? 1 : picture.channels); ++c) {
    for (std::int64_t y = 0; y < picture.height; ++y) {
      for (std::int64_t x = 0; x < picture.width; ++x, ++count) {
        sum += picture.channels == 3 ? picture.gray(y, x) : picture.at(c, y, x);
      }
    }
  }
  return (2 * sum + count) / (2 * count);
}

std::array<std::int64_t, 3> page_hue(std::int64_t red, std::int64_t green, std::int64_t blue,
                                     std::int64_t shift) {
  const std::int64_t h = std::max({red, green, blue}), l = std::min({red, green, blue}), k = h - l;
  if (k == 0) {
    return {red, green, blue};
  }
  const std::int64_t r = ((1 << 24) + k / 2) / k;
  const std::int64_t base = red == h ? 0 : green == h ? 8192 : 16384;
  const std::int64_t difference = red == h ? green - blue : green == h ? blue - red : red - green;
  std::int64_t place = base + ((difference * r + 2048) >> 12) + shift;
  place += place < 0 ? 24576 : 0;
  place -= place >= 24576 ? 24576 : 0;
  const std::int64_t part = (k * (place & 4095) + 2048) >> 12, up = l + part, down = h - part;
  const std::array<std::int64_t, 3> colours[] = {{h, up, l},   {down, h, l}, {l, h, up},
                                                 {l, down, h}, {up, l, h},   {h, l, down}};
  return colours[place >> 12];
}

void page_equalize(Picture& picture) {
  Picture before = picture;
  picture.each([&](std::int64_t c, std::int64_t, std::int64_t, std::int64_t p) {
    const std::vector<std::int64_t> all = before.channel(c);
    const std::int64_t greatest = *std::max_element(all.begin(), all.end());
    const std::int64_t step =
        (std::ssize(all) - std::count(all.begin(), all.end(), greatest)) / 255;
    const std::int64_t less =
        std::count_if(all.begin(), all.end(), [&](std::int64_t q) { return q < p; });
    return step == 0 ? p : std::min<std::int64_t>((step / 2 + less) / step, 255);
  });
}

void page_blur(Picture& picture, std::int64_t radius, std::int64_t sigma_1024ths) {
  const double sigma = static_cast<double>(sigma_1024ths) / 1024;
  std::vector<double> bell;
  double sum = 0;
  for (std::int64_t j = 0; j <= radius; ++j) {
    const auto place = static_cast<double>(j);
    bell.push_back(std::exp(-0.5 * place * place / (sigma * sigma)));
    sum += (j > 0 ? 2 : 1) * bell.back();
  }
  std::vector<std::int64_t> weights(bell.size(), 2048);
  for (std::size_t j = 1; j < bell.size(); ++j) {
    weights[j] = static_cast<std::int64_t>(std::floor(2048 * bell[j] / sum + 0.5));
    weights[0] -= 2 * weights[j];
  }
  const auto along = [&](bool rows) {
    picture.each([&](std::int64_t c, std::int64_t y, std::int64_t x, std::int64_t) {
      std::int64_t total = 0;
      for (std::int64_t j = -radius; j <= radius; ++j) {
        total += weights[static_cast<std::size_t>(std::abs(j))] *
                 (rows ? picture.at(c, y, page_mirrored(x + j, picture.width))
                       : picture.at(c, page_mirrored(y + j, picture.height), x));
      }
      return rows ? total : (total + (1 << 21)) >> 22;
    });
  };
  along(true);
  along(false);
}

/// What the page says that `operation` makes of `image`, as plainly as it can be written.
torch::Tensor by_the_page(const torch::Tensor& image, const Operation& operation) {
  Picture picture(image);
  const auto& o = operation.parameters;
  const std::int64_t f = o[0];
  const bool colour = picture.channels == 3;
  const auto pixelwise = [&](const std::function<std::int64_t(std::int64_t)>& change) {
    picture.each([&](auto, auto, auto, std::int64_t p) { return change(p); });
  };
  switch (operation.kind) {
    case OperationKind::kAffine:
      picture.each([&](std::int64_t c, std::int64_t y, std::int64_t x, std::int64_t) {
        return picture.or_black(c, (o[3] * x + o[4] * y + o[5]) >> 16,
                                (o[0] * x + o[1] * y + o[2]) >> 16);
      });
      break;
    case OperationKind::kBrightness:
      pixelwise([&](std::int64_t p) { return page_blend(0, p, f); });
      break;
    case OperationKind::kContrast: {
      const std::int64_t mean = page_mean(picture);
      pixelwise([&](std::int64_t p) { return page_blend(mean, p, f); });
      break;
    }
    case OperationKind::kSaturation:
    case OperationKind::kGrayscale: {
      const std::int64_t factor = operation.kind == OperationKind::kGrayscale ? 0 : f;
      picture.each([&](auto, std::int64_t y, std::int64_t x, std::int64_t p) {
        return colour ? page_blend(picture.gray(y, x), p, factor) : p;
      });
      break;
    }
    case OperationKind::kHue:
      picture.each([&](std::int64_t c, std::int64_t y, std::int64_t x, std::int64_t p) {
        return colour ? page_hue(picture.at(0, y, x), picture.at(1, y, x), picture.at(2, y, x),
                                 f)[static_cast<std::size_t>(c)]
                      : p;
      });
      break;
    case OperationKind::kBlur:
      page_blur(picture, o[0], o[1]);
      break;
    case OperationKind::kSharpness:
      picture.each([&](std::int64_t c, std::int64_t y, std::int64_t x, std::int64_t p) {
        if (y == 0 || x == 0 || y == picture.height - 1 || x == picture.width - 1) {
          return p;
        }
        std::int64_t q = 4 * p;
        for (std::int64_t place = 0; place < 9; ++place) {
          q += picture.at(c, y + place / 3 - 1, x + place % 3 - 1);
        }
        return page_blend((2 * q + 13) / 26, p, f);
      });
      break;
    case OperationKind::kPosterize:
      pixelwise([&](std::int64_t p) { return p & (256 - (256 >> f)); });
      break;
    case OperationKind::kSolarize:
      pixelwise([&](std::int64_t p) { return p >= f ? 255 - p : p; });
      break;
    case OperationKind::kAutoContrast: {
      Picture before = picture;
      picture.each([&](std::int64_t c, auto, auto, std::int64_t p) {
        const std::vector<std::int64_t> all = before.channel(c);
        const auto [l, g] = std::minmax_element(all.begin(), all.end());
        return *l == *g ? p : 255 * (p - *l) / (*g - *l);
      });
      break;
    }
    case OperationKind::kEqualize:
      page_equalize(picture);
      break;
    case OperationKind::kInvert:
      pixelwise([](std::int64_t p) { return 255 - p; });
      break;
    case OperationKind::kErase:
      picture.each([&](auto, std::int64_t y, std::int64_t x, std::int64_t p) {
        return x >= o[0] && x < o[0] + o[2] && y >= o[1] && y < o[1] + o[3] ? 0 : p;
      });
      break;
  }
  return picture.tensor();
}

/// Pixels over all of 0..255, over part of it, and of few values.
torch::Tensor test_images(const ImageShape& shape) {
  torch::Tensor images = noise_dataset(3, shape, 21).images().clone();
  images[1] = images[1].div(5, "floor").add(90);
  images[2] = images[2].div(90, "floor").mul(70);
  return images;
}

torch::Tensor done(const torch::Tensor& image, const std::vector<Operation>& operations) {
  const Dataset dataset("operand", image.unsqueeze(0), torch::zeros({1}, torch::kInt64), {"a"});
  View view = canonical_view(dataset.image_shape());
  view.operations = operations;
  return apply_views(dataset, std::vector<std::int64_t>{0}, std::vector<View>{view})[0];
}

/// Longer and shorter than what an instruction takes, and too small for neighbours.
const ImageShape kOperandShapes[] = {{3, 32, 32}, {1, 28, 28}, {3, 17, 30}, {2, 9, 40},
                                     {6, 3, 5},   {3, 2, 7},   {3, 8, 1},   {1, 1, 1}};

std::vector<Operation> operations_for(const ImageShape& shape) {
  std::vector<Operation> all = {grayscale(), auto_contrast(), equalize(), invert()};
  for (const double factor : {0.0, 0.13, 0.5, 1.0, 1.71, 5.0}) {
    for (const auto make : {brightness, contrast, saturation, sharpness}) {
      all.push_back(make(factor));
    }
  }
  for (const double turns : {-0.5, -0.237, -0.01, 0.0, 0.1, 1.0 / 6, 0.499}) {
    all.push_back(hue(turns));
  }
  for (const auto& [radius, sigma] :
       {std::pair{1, 0.1}, {1, 2.0}, {2, 0.7}, {5, 3.3}, {11, 64.0}}) {
    all.push_back(gaussian_blur(radius, sigma));
  }
  for (int bits = 0; bits <= 8; ++bits) {
    all.push_back(posterize(bits));
  }
  for (const int threshold : {0, 1, 100, 255, 256}) {
    all.push_back(solarize(threshold));
  }
  for (const Box& box : {Box{2, 1, 3, 4}, {-3, -2, 5, 4}, {0, 0, 50, 50}, {40, 3, 2, 2}}) {
    all.push_back(erase(box));
  }
  for (const double degrees : {0.0, 14.0, 90.0, -133.0}) {
    all.push_back(affine({.degrees = degrees}, shape));
    all.push_back(affine({degrees, 3, -2, 0.8, 15, -5}, shape));
  }
  all.push_back(affine({.dx = 1e4}, shape));  // places beyond 32 bits
  all.push_back(affine({.degrees = 10, .scale = 1e-4}, shape));
  return all;
}

TEST(Operations, AreThoseOfThePageForEveryShape) {
  for (const ImageShape& shape : kOperandShapes) {
    const torch::Tensor images = test_images(shape);
    for (const Operation& operation : operations_for(shape)) {
      for (std::int64_t k = 0; k < images.size(0); ++k) {
        EXPECT_TRUE(torch::equal(done(images[k], {operation}), by_the_page(images[k], operation)))
            << "kind " << static_cast<int>(operation.kind) << ", first parameter "
            << operation.parameters[0] << ", image " << k << " of " << shape.channels << " x "
            << shape.height << " x " << shape.width;
      }
    }
  }
}

TEST(Operations, TurnEveryColourOfACoarseCubeAsThePageDoes) {
  // All 18^3 mixtures of 0, 15, ..., 255 and with them every order of the channels and every tie.
  const torch::Tensor axis = torch::arange(0, 256, 15).to(torch::kUInt8);
  const auto mesh = torch::meshgrid({axis, axis, axis}, "ij");
  const torch::Tensor cube = torch::stack(mesh).view({3, 18, 324}).contiguous();
  for (const std::int32_t shift : {0, 1, 2047, 4096, 12288, 20000, 24575}) {
    const Operation turn{OperationKind::kHue, {shift}};
    EXPECT_TRUE(torch::equal(done(cube, {turn}), by_the_page(cube, turn))) << shift;
  }
}

TEST(Operations, OfNeutralParametersChangeNothing) {
  for (const ImageShape& shape : kOperandShapes) {
    const torch::Tensor image = test_images(shape)[0];
    for (const Operation& neutral :
         {brightness(1), contrast(1), saturation(1), sharpness(1), hue(0), posterize(8),
          solarize(256), erase({3, 3, 0, 0}), affine({}, shape), gaussian_blur(1, 0.01)}) {
      EXPECT_TRUE(torch::equal(done(image, {neutral}), image)) << static_cast<int>(neutral.kind);
    }
  }
}

TEST(Operations, ThatUndoThemselvesDo) {
  const ImageShape square{3, 32, 32};
  const torch::Tensor image = test_images(square)[0];
  const Operation quarter = affine({.degrees = 90}, square);
  EXPECT_TRUE(torch::equal(done(image, {invert(), invert()}), image));
  EXPECT_TRUE(torch::equal(done(image, {quarter}), torch::rot90(image, -1, {1, 2})));
  EXPECT_TRUE(torch::equal(done(image, {quarter, quarter, quarter, quarter}), image));
  EXPECT_TRUE(torch::equal(done(image, {grayscale(), grayscale()}), done(image, {grayscale()})));
}

TEST(Operations, MoveBySoManyPixelsAndBringBlackIn) {
  const ImageShape shape{2, 9, 12};
  const torch::Tensor image = test_images(shape)[0];
  const torch::Tensor moved = done(image, {affine({.dx = 3, .dy = -2}, shape)});
  EXPECT_TRUE(torch::equal(moved.slice(1, 0, 7).slice(2, 3), image.slice(1, 2).slice(2, 0, 9)));
  EXPECT_EQ(moved.slice(1, 7).sum().item<std::int64_t>(), 0);
  EXPECT_EQ(moved.slice(2, 0, 3).sum().item<std::int64_t>(), 0);
}

TEST(Operations, FollowEachOtherInOrder) {
  const torch::Tensor image = test_images({3, 32, 32})[0];
  const Operation bright = brightness(1.6), dull = contrast(0.4);
  EXPECT_TRUE(torch::equal(done(image, {bright, dull}), done(done(image, {bright}), {dull})));
  EXPECT_FALSE(torch::equal(done(image, {bright, dull}), done(image, {dull, bright})));
}

TEST(Operations, OnColoursLeaveImagesOfOtherThanThreeChannels) {
  for (const std::int64_t channels : {1, 2, 4}) {
    const torch::Tensor image = test_images({channels, 10, 10})[0];
    for (const Operation& operation : {saturation(0.2), hue(0.3), grayscale()}) {
      EXPECT_TRUE(torch::equal(done(image, {operation}), image));
    }
  }
}

TEST(Operations, TakeTheirParametersInUnitsOfThePage) {
  EXPECT_EQ(brightness(1.25).parameters[0], 81920);
  EXPECT_EQ(hue(0.25).parameters[0], 6144);
  EXPECT_EQ(hue(-0.25).parameters[0], 18432);
  EXPECT_EQ(hue(-1e-9).parameters[0], 0);
  EXPECT_EQ(gaussian_blur(2, 1.5).parameters, (std::array<std::int32_t, 6>{2, 1536}));
  EXPECT_EQ(affine({.dx = 2}, {1, 10, 20}).parameters,
            (std::array<std::int32_t, 6>{65536, 0, -98304, 0, 65536, 32768}));
  EXPECT_EQ(affine({.degrees = 90}, {1, 10, 20}).parameters,
            (std::array<std::int32_t, 6>{0, 65536, 360448, -65536, 0, 950272}));
}

TEST(WorkedExample, OfOperationsGivesThesePixels) {
  // Computed by hand from docs/views.md.
  const torch::Tensor colour = torch::tensor({200, 50, 100}, torch::kUInt8).view({3, 1, 1});
  const auto becomes = [&](const Operation& operation, std::vector<std::int64_t> expected) {
    const torch::Tensor result = done(colour, {operation}).flatten().to(torch::kInt64);
    EXPECT_TRUE(torch::equal(result, torch::tensor(expected)))
        << static_cast<int>(operation.kind) << "\n"
        << result;
  };
  becomes(grayscale(), {101, 101, 101});
  becomes(brightness(1.5), {255, 75, 150});
  becomes(contrast(0.5), {150, 75, 100});
  becomes(saturation(0), {101, 101, 101});
  becomes(saturation(2), {255, 0, 99});
  becomes(hue(1.0 / 3), {100, 200, 50});
  becomes(hue(-1.0 / 3), {50, 100, 200});
  becomes(posterize(2), {192, 0, 64});
  becomes(solarize(100), {55, 50, 155});
  becomes(invert(), {55, 205, 155});
}

TEST(ReflectedBorder, IsTorchsReflectionPadding) {
  const ImageShape shape{2, 11, 14};
  const Dataset dataset = noise_dataset(1, shape);
  const torch::Tensor padded =
      at::reflection_pad2d(dataset.images().to(torch::kFloat32), {6, 6, 6, 6})[0].to(torch::kUInt8);
  for (std::int32_t left = -6; left <= 6; ++left) {
    for (std::int32_t top = -6; top <= 6; ++top) {
      for (const bool flip : {false, true}) {
        const View view{.crop = {left, top, 14, 11}, .flip = flip, .border = Border::kReflect};
        torch::Tensor expected = padded.narrow(1, top + 6, 11).narrow(2, left + 6, 14);
        expected = flip ? expected.flip(2) : expected;
        EXPECT_TRUE(torch::equal(
            apply_views(dataset, std::vector<std::int64_t>{0}, std::vector<View>{view})[0],
            expected));
      }
    }
  }
}

}  // namespace
}  // namespace tandem
