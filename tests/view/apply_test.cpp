#include "tandem/view/apply.h"

#include <ATen/ops/upsample_bilinear2d.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "noise.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

/// Widths below, at and above the eight bytes that are mirrored at a time.
const ImageShape kShapes[] = {{1, 28, 28}, {3, 32, 32}, {2, 5, 13}, {3, 9, 8}, {1, 1, 1}};

torch::Tensor apply_view(const Dataset& dataset, std::int64_t index, const View& view) {
  return apply_views(dataset, std::vector{index}, std::vector{view})[0];
}

/// The crop, cut out of the sample after padding it with zeros as far as the crop reaches.
torch::Tensor cut_out(const torch::Tensor& sample, const Box& box) {
  const std::int64_t height = sample.size(1), width = sample.size(2);
  const std::int64_t pad =
      std::max({-box.left, -box.top, 0, box.left + box.width, box.top + box.height});
  const torch::Tensor padded = torch::constant_pad_nd(sample, {pad, pad, pad, pad}, 0);
  EXPECT_GE(height + 2 * pad, box.top + box.height + pad);
  EXPECT_GE(width + 2 * pad, box.left + box.width + pad);
  return padded.narrow(1, box.top + pad, box.height).narrow(2, box.left + pad, box.width);
}

TEST(ApplyViews, ReturnsTheExactPixelsForTheCanonicalView) {
  for (const ImageShape& shape : kShapes) {
    const Dataset dataset = noise_dataset(4, shape);
    const std::vector<std::int64_t> indices = {3, 0, 3};
    const std::vector<View> views(3, canonical_view(shape));
    EXPECT_TRUE(torch::equal(apply_views(dataset, indices, views),
                             dataset.images().index_select(0, torch::tensor({3, 0, 3}))));
  }
}

TEST(ApplyViews, OfRowsOfAMappedFileAreThoseOfTheSameSamplesInMemory) {
  const ImageShape shape{3, 32, 32};
  const Dataset file = noise_dataset(12, shape);
  const torch::Tensor rows = torch::tensor({7, 2, 11, 0, 5}, torch::kInt64);
  const torch::Tensor labels = torch::zeros({5}, torch::kInt64);
  const Dataset mapped("mapped",
                       {.pixels = file.images(),
                        .fingerprints = torch::zeros({12, 2}, torch::kInt64),
                        .sums = torch::zeros({12, 3, 2}, torch::kInt64),
                        .read_ahead = true},
                       rows, labels, {"a"});
  const Dataset in_memory("in memory", file.images().index_select(0, rows), labels, {"a"});
  const ViewPolicy policy = ViewPolicy::parse("resized-crop,flip,mixup:0.5");
  std::vector<std::int64_t> indices;
  std::vector<View> views;
  for (std::uint32_t k = 0; k < 40; ++k) {
    indices.push_back(k % 5);
    views.push_back(policy.draw({3, k / 5, k % 5}, mapped));
  }
  EXPECT_TRUE(
      torch::equal(apply_views(mapped, indices, views), apply_views(in_memory, indices, views)));
}

TEST(ApplyViews, CutsTheSampleOutOfItsZeroPadding) {
  for (const ImageShape& shape : kShapes) {
    const Dataset dataset = noise_dataset(1, shape);
    const auto width = static_cast<std::int32_t>(shape.width);
    const auto height = static_cast<std::int32_t>(shape.height);
    for (const std::int32_t left : {-width - 2, -width, -3, -1, 0, 1, 4, width, width + 5}) {
      for (const std::int32_t top : {-height, -2, 0, 1, height + 1}) {
        const Box box{left, top, width, height};
        const torch::Tensor expected = cut_out(dataset.images()[0], box);
        EXPECT_TRUE(torch::equal(apply_view(dataset, 0, {box, false}), expected));
        EXPECT_TRUE(torch::equal(apply_view(dataset, 0, {box, true}), expected.flip(2)));
      }
    }
  }
}

TEST(ApplyViews, FlippingTwiceIsTheIdentity) {
  for (const ImageShape& shape : kShapes) {
    const Dataset dataset = noise_dataset(1, shape);
    View flipped = canonical_view(shape);
    flipped.flip = true;
    const torch::Tensor once = apply_view(dataset, 0, flipped);
    const Dataset mirror("mirror", once.unsqueeze(0), torch::zeros({1}, torch::kInt64), {"a"});
    EXPECT_TRUE(torch::equal(apply_view(mirror, 0, flipped), dataset.images()[0]));
    EXPECT_EQ(shape.width == 1, torch::equal(once, dataset.images()[0]));
  }
}

/// Inside, over each border, wholly outside, larger than the sample, thin, a single pixel.
const Box kScaledBoxes[] = {{3, 2, 10, 7},    {0, 0, 31, 32},   {5, 9, 1, 1},  {-4, 3, 20, 9},
                            {20, 25, 30, 11}, {-3, -3, 38, 38}, {40, 0, 8, 8}, {0, -60, 90, 70},
                            {7, 0, 1, 32},    {-1, 31, 33, 2}};

TEST(ApplyViews, ScalesLikeTorchBilinearWithinOneStep) {
  const Dataset dataset = noise_dataset(1, {3, 32, 32});
  std::int64_t pixels = 0, equal_pixels = 0;
  for (const Box& box : kScaledBoxes) {
    for (const bool flip : {false, true}) {
      torch::Tensor exact = at::upsample_bilinear2d(
          cut_out(dataset.images()[0], box).unsqueeze(0).to(torch::kFloat64), {32, 32},
          /*align_corners=*/false)[0];
      exact = flip ? exact.flip(2) : exact;
      const torch::Tensor scaled = apply_view(dataset, 0, {box, flip});
      // Half a step of rounding and 255 * 2^-12 for the rounded weight of each axis.
      EXPECT_LE((scaled - exact).abs().max().item<double>(), 0.5 + 2 * 255.0 / 4096);
      pixels += scaled.numel();
      equal_pixels += (scaled == exact.round()).sum().item<std::int64_t>();
    }
  }
  EXPECT_GT(static_cast<double>(equal_pixels), 0.95 * static_cast<double>(pixels));
}

TEST(ApplyViews, ScalesSamplesThatAreNotSquare) {
  const Dataset dataset = noise_dataset(1, {2, 9, 21});
  const Box box{-2, 1, 17, 13};
  const torch::Tensor exact = at::upsample_bilinear2d(
      cut_out(dataset.images()[0], box).unsqueeze(0).to(torch::kFloat64), {9, 21}, false)[0];
  EXPECT_LE((apply_view(dataset, 0, {box, false}) - exact).abs().max().item<double>(), 0.63);
}

TEST(ApplyViews, ScalingKeepsAFlatSampleFlat) {
  for (const int value : {0, 1, 128, 255}) {
    const Dataset dataset("flat", torch::full({1, 1, 32, 32}, value, torch::kUInt8),
                          torch::zeros({1}, torch::kInt64), {"a"});
    EXPECT_TRUE(torch::equal(apply_view(dataset, 0, {{3, 5, 11, 23}, false}), dataset.images()[0]));
  }
}

TEST(ApplyViews, TreatsEachViewOfABatchAsIfItWereAlone) {
  const Dataset dataset = noise_dataset(20, {3, 32, 32});
  const ViewPolicy policies[] = {ViewPolicy::parse("pad-crop:4,flip"),
                                 ViewPolicy::parse("resized-crop,flip")};
  std::vector<std::int64_t> indices;
  std::vector<View> views;
  for (std::uint32_t k = 0; k < 100; ++k) {
    indices.push_back(k % 20);
    views.push_back(policies[k % 2].draw({4, k, k % 20}, dataset));
  }
  const torch::Tensor together = apply_views(dataset, indices, views);
  for (std::int64_t k = 0; k < 100; ++k) {
    EXPECT_TRUE(torch::equal(together[k], apply_view(dataset, indices[k], views[k])));
  }
}

TEST(ApplyViews, SurvivesBoxesAtTheEdgeOfTheirType) {
  const Dataset dataset = noise_dataset(1, {1, 5, 5});
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
  const torch::Tensor black = torch::zeros({1, 5, 5}, torch::kUInt8);
  EXPECT_TRUE(torch::equal(apply_view(dataset, 0, {{kMax, kMax, kMax, kMax}, false}), black));
  EXPECT_TRUE(torch::equal(apply_view(dataset, 0, {{kMin, kMin, 5, 5}, true}), black));
  EXPECT_TRUE(torch::equal(apply_view(dataset, 0, {{kMax, kMin, 5, 5}, false}), black));
}

TEST(ApplyViews, RefusesWhatItCannotApply) {
  const Dataset dataset = noise_dataset(3, {1, 5, 5});
  const View whole = canonical_view(dataset.image_shape());
  const auto apply = [&](const std::vector<std::int64_t>& indices, const std::vector<View>& views) {
    apply_views(dataset, indices, views);
  };
  EXPECT_THROW(apply({0, 1}, {whole}), std::invalid_argument);
  EXPECT_THROW(apply({3}, {whole}), std::invalid_argument);
  EXPECT_THROW(apply({-1}, {whole}), std::invalid_argument);
  EXPECT_THROW(apply({0}, {View{{0, 0, 0, 5}, false}}), std::invalid_argument);
  EXPECT_THROW(apply({0}, {View{{0, 0, 5, -1}, false}}), std::invalid_argument);
}

TEST(Normalise, FollowsItsFormula) {
  const Dataset dataset = noise_dataset(7, {3, 6, 5});
  const Normalisation normalisation{{0.1, 0.5, 0.9}, {0.2, 0.25, 0.3}};
  const auto column = [](const std::vector<double>& values) {
    return torch::tensor(values, torch::kFloat64).view({1, 3, 1, 1});
  };
  const torch::Tensor expected =
      (dataset.images().to(torch::kFloat64) / 255 - column(normalisation.mean)) /
      column(normalisation.stddev);
  const torch::Tensor images = normalise(dataset.images(), normalisation);
  EXPECT_EQ(images.dtype(), torch::kFloat32);
  EXPECT_LT((images - expected).abs().max().item<double>(), 1e-6);
}

/// Exactly what docs/views.md says, whatever way the pixels go: 64 or several at a time, computed
/// or looked up. The third is one for which `pixel * scale + shift` rounds otherwise.
TEST(Normalise, IsItsFormulaInDoublePrecisionRoundedOnce) {
  const Normalisation normalisations[] = {
      {{0.1, 0.5}, {0.2, 0.25}}, {{0.4914, -3}, {1e-3, 1e3}}, {{0.8, 0.2}, {0.2859, 0.1273}}};
  for (const std::int64_t width : {1, 7, 63, 64, 65, 256, 300}) {
    const torch::Tensor pixels =
        torch::arange(2 * 3 * 2 * width).mul(37).to(torch::kUInt8).view({3, 2, 2, width});
    for (const Normalisation& normalisation : normalisations) {
      const torch::Tensor images = normalise(pixels, normalisation);
      for (std::int64_t k = 0; k < images.numel(); ++k) {
        const std::int64_t channel = k / (2 * width) % 2;
        const double pixel = pixels.data_ptr<std::uint8_t>()[k];
        ASSERT_EQ(images.data_ptr<float>()[k],
                  static_cast<float>((pixel / 255.0 - normalisation.mean[channel]) /
                                     normalisation.stddev[channel]));
      }
    }
  }
}

TEST(Normalise, ByADatasetsOwnChannelsGivesMeanZeroAndVarianceOne) {
  const Dataset dataset = noise_dataset(50, {2, 6, 5});
  const torch::Tensor images =
      normalise(dataset.images(), Normalisation::of(dataset)).to(torch::kFloat64);
  for (int channel = 0; channel < 2; ++channel) {
    const torch::Tensor plane = images.select(1, channel).contiguous();
    EXPECT_NEAR(plane.mean().item<double>(), 0, 1e-6);
    EXPECT_NEAR(plane.std(/*unbiased=*/false).item<double>(), 1, 1e-6);
  }
}

TEST(Normalise, RefusesOtherChannelsAndFlatOnes) {
  const torch::Tensor pixels = torch::zeros({2, 1, 3, 3}, torch::kUInt8);
  EXPECT_THROW(normalise(pixels, {{0, 0}, {1, 1}}), std::invalid_argument);
  EXPECT_THROW(normalise(pixels, {{0}, {}}), std::invalid_argument);
  EXPECT_THROW(normalise(pixels, {{0}, {0}}), std::invalid_argument);
  EXPECT_THROW(normalise(pixels.to(torch::kFloat32), {{0}, {1}}), std::invalid_argument);
  EXPECT_THROW(normalise(pixels[0], {{0}, {1}}), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
