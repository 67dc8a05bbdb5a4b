#include "tandem/sample/sample_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <limits>
#include <stdexcept>

#include "tandem/core/safetensors.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::HasSubstr;

constexpr ImageShape kSampleShape{.channels = 2, .height = 3, .width = 4};
constexpr std::int64_t kSampleClasses = 3;

class SamplesInAFile : public testing::Test {
 protected:
  SamplesInAFile() {
    const torch::Tensor steps = torch::arange(5 * 2 * 3 * 4, torch::kFloat32);
    file_.tensors["images"] = (steps / 119).view({5, 2, 3, 4});
    file_.tensors["labels"] = torch::tensor({0, 1, 2, 0, 1}, torch::kInt64);
  }

  SampleFile read() const {
    const auto path = folder_.path() / "samples.safetensors";
    write_safetensors(path, file_);
    return read_sample_file(path, kSampleShape, kSampleClasses);
  }

  std::string refusal() const {
    try {
      read();
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), HasSubstr("samples.safetensors"));
      return error.what();
    }
    return "nothing was refused";
  }

  TensorFile file_;
  TemporaryFolder folder_;
};

TEST_F(SamplesInAFile, OfBytesAreTakenAsTheyAre) {
  const torch::Tensor bytes = torch::arange(120, torch::kUInt8).view({5, 2, 3, 4});
  file_.tensors["images"] = bytes;
  const SampleFile samples = read();
  EXPECT_TRUE(torch::equal(samples.images, bytes));
  EXPECT_TRUE(torch::equal(samples.labels, file_.tensors["labels"]));
  EXPECT_FALSE(samples.soft_labels.defined());
  EXPECT_EQ(conversion_text(samples), "");
}

TEST_F(SamplesInAFile, OfUnitFloatsAreRoundedAndSayByHowMuch) {
  const SampleFile samples = read();
  const torch::Tensor wanted = file_.tensors["images"].to(torch::kFloat64) * 255;
  const double worst = (samples.images.to(torch::kFloat64) - wanted).abs().max().item<double>();
  EXPECT_LE(worst, 0.5);
  EXPECT_DOUBLE_EQ(samples.largest_rounding, worst);
  EXPECT_EQ(samples.largest_clipping, 0);
  EXPECT_THAT(conversion_text(samples), HasSubstr("0.00 % of pixels clipped"));
}

TEST_F(SamplesInAFile, ThatWereNormalisedComeBackToPixelsAndAreClipped) {
  const torch::Tensor pixels = torch::arange(120, torch::kFloat32).view({5, 2, 3, 4});
  const torch::Tensor mean = torch::tensor({0.5F, 0.25F}).view({1, 2, 1, 1});
  torch::Tensor normalised = (pixels / 255 - mean) / 0.2;
  normalised[0][0][0][0] = -5;  // 0.5 - 1: 127.5 steps below black
  file_.tensors["images"] = normalised.contiguous();
  file_.metadata = {{"mean", "[0.5, 0.25]"}, {"std", "0.2"}};
  const SampleFile samples = read();
  EXPECT_TRUE(torch::equal(samples.images, pixels.to(torch::kUInt8)));
  EXPECT_NEAR(samples.largest_clipping, 127.5, 1e-3);
  EXPECT_NEAR(samples.clipped_pct, 100.0 / 120, 1e-9);
  file_.metadata["std"] = "0.2 0";
  EXPECT_THAT(refusal(), HasSubstr("'std' should be a number > 0"));
  file_.metadata["std"] = "inf";
  EXPECT_THAT(refusal(), HasSubstr("'std' should be a number > 0"));
  file_.metadata["std"] = "0.2 0.2 0.2";
  EXPECT_THAT(refusal(), HasSubstr("2 channels"));
  file_.metadata.erase("std");
  EXPECT_THAT(refusal(), HasSubstr("'mean' and not 'std'"));
  file_.metadata.clear();
  EXPECT_THAT(refusal(), HasSubstr("mean and std per channel"));
}

TEST_F(SamplesInAFile, OfAnotherShapeOrTypeAreRefused) {
  const torch::Tensor images = file_.tensors["images"];
  file_.tensors["images"] = images.view({5, 2, 4, 3});
  EXPECT_THAT(refusal(), HasSubstr("[n, 2, 3, 4], is Float [5, 2, 4, 3]"));
  file_.tensors["images"] = images.to(torch::kFloat64);
  EXPECT_THAT(refusal(), HasSubstr("is Double"));
  file_.tensors["images"] = images.clone();
  file_.tensors["images"][1][0][0][0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(refusal(), HasSubstr("'images' holds numbers that are not finite"));
  file_.tensors.erase("images");
  EXPECT_THAT(refusal(), HasSubstr("it lacks 'images'"));
}

TEST_F(SamplesInAFile, NeedALabelEachThatIsAClass) {
  file_.tensors["labels"] = torch::tensor({0, 1, 3, 0, 1}, torch::kInt64);
  EXPECT_THAT(refusal(), HasSubstr("has 0..3"));
  file_.tensors["labels"] = torch::tensor({0, 1}, torch::kInt64);
  EXPECT_THAT(refusal(), HasSubstr("is Long [2]"));
  file_.tensors.erase("labels");
  EXPECT_THAT(refusal(), HasSubstr("it lacks 'labels'"));
  file_.tensors["label"] = torch::tensor({0, 1, 2, 0, 1}, torch::kInt64);
  EXPECT_THAT(refusal(), HasSubstr("tensor 'label' is unknown"));
}

TEST_F(SamplesInAFile, MayBringSoftLabelsThatAreProbabilities) {
  const torch::Tensor soft = torch::tensor({0.5F, 0.25F, 0.25F}).repeat({5, 1});
  file_.tensors["soft_labels"] = soft;
  EXPECT_TRUE(torch::equal(read().soft_labels, soft));
  file_.tensors["soft_labels"] = soft * 1.01;
  EXPECT_THAT(refusal(), HasSubstr("sum to 1.01"));
  file_.tensors["soft_labels"] = torch::tensor({1.5F, -0.5F, 0.0F}).repeat({5, 1});
  EXPECT_THAT(refusal(), HasSubstr("the least is -0.5"));
  file_.tensors["soft_labels"] = torch::full({5, 4}, 0.25F);
  EXPECT_THAT(refusal(), HasSubstr("Float [5, 3], is Float [5, 4]"));
  file_.tensors["soft_labels"] = soft.clone();
  file_.tensors["soft_labels"][2][1] = std::numeric_limits<float>::infinity();
  EXPECT_THAT(refusal(), HasSubstr("'soft_labels' holds numbers that are not finite"));
}

}  // namespace
}  // namespace tandem
