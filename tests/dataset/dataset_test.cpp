#include "tandem/dataset/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

#include "tandem/core/tensor_bytes.h"

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

/// The images of `images` as a mapped file would give them, sample i being row rows[i].
Dataset as_mapped(const torch::Tensor& images, const std::vector<std::int64_t>& rows,
                  const torch::Tensor& labels) {
  std::vector<torch::Tensor> fingerprints;
  for (std::int64_t row = 0; row < images.size(0); ++row) {
    const torch::Tensor image = images[row].contiguous();
    const Fingerprint of_image = Fingerprinter().bytes(bytes_of(image)).digest();
    fingerprints.push_back(torch::tensor(
        {static_cast<std::int64_t>(of_image.high), static_cast<std::int64_t>(of_image.low)}));
  }
  const torch::Tensor wide = images.to(torch::kInt64).flatten(2);
  const torch::Tensor sums = torch::stack({wide.sum(2), (wide * wide).sum(2)}, 2);
  return Dataset("pets", {images, torch::stack(fingerprints), sums, /*read_ahead=*/true},
                 torch::tensor(rows, torch::kInt64), labels, kPetClasses);
}

TEST(MappedDataset, HoldsTheRowsThatItIsGivenAndCopiesNone) {
  const torch::Tensor images = ramp_images();
  const Dataset dataset = as_mapped(images, {2, 0, 2}, some_labels());
  EXPECT_EQ(dataset.size(), 3);
  EXPECT_EQ(dataset.pixels(0), images[2].data_ptr<std::uint8_t>());
  EXPECT_EQ(dataset.pixels(1), images[0].data_ptr<std::uint8_t>());
  EXPECT_TRUE(torch::equal(dataset.images(), images.index_select(0, torch::tensor({2, 0, 2}))));
  EXPECT_TRUE(torch::equal(dataset.images(1, 2), images.index_select(0, torch::tensor({0, 2}))));

  const Dataset part = select(dataset, {1, 2});
  EXPECT_EQ(part.pixels(0), images[0].data_ptr<std::uint8_t>());
  EXPECT_EQ(part.pixels(1), images[2].data_ptr<std::uint8_t>());
  EXPECT_TRUE(torch::equal(part.labels(), torch::tensor({1, 1}, torch::kInt64)));
}

TEST(MappedDataset, StatisticsAreThoseOfTheSamePixelsInMemory) {
  const Dataset mapped = select(as_mapped(ramp_images(), {0, 1, 2}, some_labels()), {2, 1});
  const Dataset in_memory =
      select(Dataset("pets", ramp_images(), some_labels(), kPetClasses), {2, 1});
  for (std::size_t channel = 0; channel < 2; ++channel) {
    EXPECT_NEAR(mapped.channel_statistics().mean[channel],
                in_memory.channel_statistics().mean[channel], 1e-12);
    EXPECT_NEAR(mapped.channel_statistics().stddev[channel],
                in_memory.channel_statistics().stddev[channel], 1e-12);
  }
}

TEST(MappedDataset, FingerprintFollowsTheChosenSamplesAndNotWhereTheyStand) {
  const torch::Tensor images = ramp_images();
  const Dataset all = as_mapped(images, {0, 1, 2}, some_labels());
  const Dataset moved = as_mapped(images.flip(0).contiguous(), {2, 1, 0}, some_labels());
  EXPECT_EQ(all.fingerprint(), moved.fingerprint());
  EXPECT_EQ(select(all, {0, 1}).fingerprint(), select(moved, {0, 1}).fingerprint());
  EXPECT_NE(all.fingerprint(), select(all, {0, 2, 1}).fingerprint());
  EXPECT_NE(all.fingerprint(), select(all, {0, 1}).fingerprint());
  EXPECT_NE(all.fingerprint(), as_mapped(images, {0, 1, 2}, some_labels().flip(0)).fingerprint());
}

TEST(MappedDataset, RefusesRowsOutsideTheFile) {
  EXPECT_THROW(as_mapped(ramp_images(), {0, 1, 3}, some_labels()), std::invalid_argument);
  EXPECT_THROW(as_mapped(ramp_images(), {0, -1, 2}, some_labels()), std::invalid_argument);
  EXPECT_THROW(as_mapped(ramp_images(), {0, 1}, some_labels()), std::invalid_argument);
}

TEST(Select, RefusesIndicesOutsideTheDataset) {
  const Dataset dataset("pets", ramp_images(), some_labels(), kPetClasses);
  EXPECT_THROW(select(dataset, {0, 3}), std::invalid_argument);
  EXPECT_THROW(select(dataset, {-1}), std::invalid_argument);
  EXPECT_THROW(select(dataset, {}), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
