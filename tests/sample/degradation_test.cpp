#include "degradation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <stdexcept>

#include "tandem/core/key.h"

namespace tandem {
namespace {

/// Random pixels under a ramp, so that neighbours resemble each other.
torch::Tensor ramp_images(std::int64_t count, std::int64_t channels, std::int64_t height,
                          std::int64_t width) {
  RandomStream random({7, Stream::kSubset});
  const torch::Tensor images = torch::empty({count, channels, height, width}, torch::kUInt8);
  std::uint8_t* pixel = images.data_ptr<std::uint8_t>();
  for (std::int64_t k = 0; k < images.numel(); ++k) {
    *pixel++ = static_cast<std::uint8_t>(random.below(100) + 5 * (k % width) % 120);
  }
  return images;
}

torch::Tensor degraded_by(const std::string& text, const torch::Tensor& images,
                          std::vector<std::int64_t> places = {}, std::uint64_t seed = 1) {
  for (std::int64_t k = std::ssize(places); k < images.size(0); ++k) {
    places.push_back(k);
  }
  return Degradation::parse(text).apply(images, places, seed);
}

double largest_difference(const torch::Tensor& one, const torch::Tensor& other) {
  return (one.to(torch::kFloat64) - other.to(torch::kFloat64)).abs().max().item<double>();
}

TEST(Degradation, BlursAsTheGaussianSumSays) {
  const torch::Tensor images = ramp_images(2, 3, 9, 14);
  const double sigma = 1.3;
  const std::int64_t radius = 4;
  torch::Tensor kernel = torch::exp(
      -0.5 * torch::arange(-radius, radius + 1, torch::kFloat64).square() / (sigma * sigma));
  kernel = kernel / kernel.sum();
  namespace F = torch::nn::functional;
  const torch::Tensor padded =
      F::pad(images.to(torch::kFloat64).view({6, 1, 9, 14}),
             F::PadFuncOptions({radius, radius, radius, radius}).mode(torch::kReplicate));
  const torch::Tensor blurred =
      torch::conv2d(torch::conv2d(padded, kernel.view({1, 1, 1, -1})), kernel.view({1, 1, -1, 1}));
  EXPECT_LE(largest_difference(degraded_by("blur:1.3", images), blurred.view({2, 3, 9, 14})), 0.51);
  const torch::Tensor flat = torch::full({1, 1, 5, 5}, 255, torch::kUInt8);
  EXPECT_TRUE(torch::equal(degraded_by("blur:7", flat), flat));
}

TEST(Degradation, LowersResolutionAsAreaMeansAndBilinearScaling) {
  namespace F = torch::nn::functional;
  const torch::Tensor images = ramp_images(2, 3, 12, 18);
  const torch::Tensor small = (torch::avg_pool2d(images.to(torch::kFloat64), 3) + 0.5).floor();
  const torch::Tensor back = F::interpolate(small, F::InterpolateFuncOptions()
                                                       .size(std::vector<std::int64_t>{12, 18})
                                                       .mode(torch::kBilinear)
                                                       .align_corners(false));
  EXPECT_LE(largest_difference(degraded_by("low-resolution:3", images), back), 0.5 + 1e-9);
}

TEST(Degradation, LowersTheResolutionOfSidesThatDoNotDivide) {
  // 5 pixels to 2: each the mean over two and a half.
  const torch::Tensor row =
      torch::tensor({10, 20, 30, 40, 100}, torch::kUInt8).view({1, 1, 1, 5}).contiguous();
  // Means 18 and 62; centres of 5 lie at -0.3, 0.1, 0.5, 0.9, 1.3 of 2.
  const torch::Tensor expected =
      torch::tensor({18, 22, 40, 58, 62}, torch::kUInt8).view({1, 1, 1, 5});
  EXPECT_TRUE(torch::equal(degraded_by("low-resolution:2.5", row), expected));
  const torch::Tensor images = ramp_images(1, 1, 7, 7);
  const torch::Tensor flat = degraded_by("low-resolution:1000", images);
  EXPECT_TRUE(flat.eq(flat[0][0][0][0]).all().item<bool>());
}

TEST(Degradation, AddsNoiseOfTheStatedSizeByKey) {
  const torch::Tensor images = torch::full({40, 1, 20, 20}, 128, torch::kUInt8);
  const torch::Tensor noisy = degraded_by("noise:8", images);
  const torch::Tensor added = noisy.to(torch::kFloat64) - 128;
  EXPECT_NEAR(added.mean().item<double>(), 0, 5 * 8 / std::sqrt(16000));
  EXPECT_NEAR(added.std().item<double>(), std::sqrt(64 + 1.0 / 12), 5 * 8 / std::sqrt(32000));
  EXPECT_TRUE(torch::equal(degraded_by("noise:8", images), noisy));
  EXPECT_FALSE(torch::equal(degraded_by("noise:8", images, {}, 2), noisy));
  // The same sample in a subset, whatever stands beside it.
  const torch::Tensor alone = degraded_by("noise:8", images.narrow(0, 0, 1), {17});
  EXPECT_TRUE(torch::equal(alone[0], noisy[17]));
  EXPECT_FALSE(torch::equal(noisy[16], noisy[17]));
}

TEST(Degradation, CompressesMoreAtLowerQuality) {
  for (const std::int64_t channels : {1, 3}) {
    const torch::Tensor images = ramp_images(2, channels, 13, 21);
    double last = 0;
    for (const char* text : {"jpeg:95", "jpeg:30", "jpeg:5"}) {
      const torch::Tensor written = degraded_by(text, images);
      EXPECT_TRUE(torch::equal(written, degraded_by(text, images)));
      const double error =
          (written.to(torch::kFloat64) - images.to(torch::kFloat64)).square().mean().item<double>();
      EXPECT_GT(error, last) << text;
      last = error;
    }
    const torch::Tensor flat = torch::full({1, channels, 9, 9}, 90, torch::kUInt8);
    EXPECT_LE(largest_difference(degraded_by("jpeg:100", flat), flat), 1);
  }
  EXPECT_THAT([] { degraded_by("jpeg:50", ramp_images(1, 2, 8, 8)); },
              testing::ThrowsMessage<std::invalid_argument>(testing::HasSubstr("have 2")));
}

TEST(Degradation, DoesItsStepsInOrder) {
  const torch::Tensor images = ramp_images(3, 1, 16, 16);
  const torch::Tensor both = degraded_by("low-resolution:2,noise:20", images);
  EXPECT_FALSE(torch::equal(both, degraded_by("noise:20,low-resolution:2", images)));
  EXPECT_TRUE(torch::equal(degraded_by("blur:1", degraded_by("low-resolution:2", images)),
                           degraded_by("low-resolution:2,blur:1", images)));
  EXPECT_TRUE(torch::equal(degraded_by("", images), images));
}

TEST(Degradation, HasANormalTextAndRefusesOthers) {
  EXPECT_EQ(Degradation::parse("blur:1.0,jpeg:30").text(), "blur:1,jpeg:30");
  EXPECT_TRUE(Degradation::parse("").none());
  for (const char* text : {"blur", "blur:", "blur:0", "blur:x", "jpeg:0", "jpeg:30.5", "jpeg:101",
                           "noise:-1", "low-resolution:1", "fog:1", "blur:1,", ",", "noise:nan"}) {
    EXPECT_THROW(Degradation::parse(text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace tandem
