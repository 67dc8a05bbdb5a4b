#include "tandem/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

namespace tandem {
namespace {

const std::vector<std::string> kPetClasses = {"cat", "dog"};

torch::Tensor ramp_images() {
  return torch::arange(3 * 2 * 4 * 5).to(torch::kUInt8).view({3, 2, 4, 5});
}

torch::Tensor some_labels() {
  return torch::tensor({0, 1, 1}, torch::kInt64);
}

void expect_refused(const torch::Tensor& images, const torch::Tensor& labels,
                    const std::string& part) {
  try {
    Dataset("pets", images, labels, kPetClasses);
    ADD_FAILURE() << "expected a std::invalid_argument";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("pets: "));
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

TEST(Dataset, RefusesTensorsOfAnotherKind) {
  expect_refused(ramp_images().to(torch::kFloat32), some_labels(), "found Float [3, 2, 4, 5]");
  expect_refused(ramp_images().flatten(1), some_labels(), "found Byte [3, 40]");
  expect_refused(ramp_images().transpose(2, 3), some_labels(), "not contiguous");
  expect_refused(ramp_images(), some_labels().to(torch::kInt32), "found Int [3]");
  expect_refused(torch::Tensor(), some_labels(), "undefined");
  expect_refused(ramp_images().slice(0, 0, 0), some_labels(), "[0, 2, 4, 5]");
}

TEST(Dataset, RefusesLabelsThatDoNotFitTheImages) {
  expect_refused(ramp_images(), some_labels().slice(0, 0, 2), "3 images and 2 labels");
  expect_refused(ramp_images(), some_labels() + 1, "expected labels in 0..1, found 2 at sample 1");
  expect_refused(ramp_images(), some_labels() - 1, "found -1 at sample 0");
}

TEST(Dataset, FingerprintFollowsTheContentAndNotTheName) {
  const Dataset dataset("pets", ramp_images(), some_labels(), kPetClasses);
  EXPECT_EQ(dataset.fingerprint(),
            Dataset("beasts", ramp_images(), some_labels(), kPetClasses).fingerprint());

  torch::Tensor other_images = ramp_images();
  other_images[2][1][3][4] += 1;
  EXPECT_NE(dataset.fingerprint(),
            Dataset("pets", other_images, some_labels(), kPetClasses).fingerprint());
  EXPECT_NE(
      dataset.fingerprint(),
      Dataset("pets", ramp_images().view({3, 2, 5, 4}), some_labels(), kPetClasses).fingerprint());
  EXPECT_NE(dataset.fingerprint(),
            Dataset("pets", ramp_images(), some_labels().flip(0), kPetClasses).fingerprint());
  EXPECT_NE(dataset.fingerprint(),
            Dataset("pets", ramp_images(), some_labels(), {"cat", "cow"}).fingerprint());
}

TEST(Dataset, ChannelStatisticsAreThoseOfAllPixels) {
  const Dataset dataset("pets", ramp_images(), some_labels(), kPetClasses);
  const auto statistics = dataset.channel_statistics();
  const torch::Tensor scaled = ramp_images().to(torch::kFloat64) / 255;
  ASSERT_EQ(statistics.mean.size(), 2u);
  for (int channel = 0; channel < 2; ++channel) {
    const torch::Tensor plane = scaled.select(1, channel).contiguous();
    EXPECT_NEAR(statistics.mean[channel], plane.mean().item<double>(), 1e-12);
    EXPECT_NEAR(statistics.stddev[channel], plane.std(/*unbiased=*/false).item<double>(), 1e-12);
  }
}

TEST(Select, TakesSamplesInAnyOrderAndAgain) {
  const Dataset dataset("pets", ramp_images(), some_labels(), kPetClasses);
  const Dataset chosen = select(dataset, {2, 0, 2});
  EXPECT_TRUE(torch::equal(chosen.labels(), torch::tensor({1, 0, 1}, torch::kInt64)));
  EXPECT_TRUE(torch::equal(chosen.images()[0], dataset.images()[2]));
  EXPECT_TRUE(torch::equal(chosen.images()[1], dataset.images()[0]));
  EXPECT_EQ(chosen.class_names(), dataset.class_names());
}

TEST(Select, RefusesIndicesOutsideTheDataset) {
  const Dataset dataset("pets", ramp_images(), some_labels(), kPetClasses);
  EXPECT_THROW(select(dataset, {0, 3}), std::invalid_argument);
  EXPECT_THROW(select(dataset, {-1}), std::invalid_argument);
  EXPECT_THROW(select(dataset, {}), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
