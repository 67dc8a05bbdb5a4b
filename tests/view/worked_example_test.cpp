#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "tandem/view/apply.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

/// The numbers of docs/views.md, which a separate implementation of that page computed. If one of
/// these tests fails, either the change is a mistake or the page's version must be raised.
constexpr std::uint64_t kSeed = 0x0123456789abcdef;

View drawn(const char* policy, std::uint32_t epoch, std::uint32_t index) {
  return ViewPolicy::parse(policy).draw({kSeed, epoch, index}, {3, 32, 32}, 1);
}

TEST(WorkedExample, DrawsTheParametersOfThePage) {
  EXPECT_EQ(drawn("pad-crop:4,flip", 0, 0), (View{{-1, 0, 32, 32}, false}));
  EXPECT_EQ(drawn("pad-crop:4,flip", 3, 41), (View{{3, -1, 32, 32}, true}));
  EXPECT_EQ(drawn("resized-crop", 0, 0).crop, (Box{0, 1, 24, 31}));
  EXPECT_EQ(drawn("resized-crop", 3, 41).crop, (Box{0, 3, 23, 28}));
}

TEST(WorkedExample, ScalesToThePixelsOfThePage) {
  const torch::Tensor sample =
      torch::tensor({7, 20, 59, 124, 57, 70, 109, 174, 107, 120, 159, 224, 157, 170, 209, 18},
                    torch::kUInt8)
          .view({1, 1, 4, 4});
  const torch::Tensor expected =
      torch::tensor({0, 0, 0, 0, 5, 11, 21, 31, 15, 33, 63, 93, 20, 44, 83, 124}, torch::kUInt8)
          .view({1, 1, 4, 4});
  const Dataset dataset("page", sample, torch::zeros({1}, torch::kInt64), {"a"});
  const std::vector<std::int64_t> indices = {0, 0};
  const Box box{1, -1, 3, 2};
  const torch::Tensor pixels =
      apply_views(dataset, indices, std::vector<View>{{box, false}, {box, true}});
  EXPECT_TRUE(torch::equal(pixels.slice(0, 0, 1), expected));
  EXPECT_TRUE(torch::equal(pixels.slice(0, 1, 2), expected.flip(3)));
}

TEST(WorkedExample, NormalisesInDoublePrecisionRoundedOnce) {
  const torch::Tensor pixels = torch::arange(256).to(torch::kUInt8).view({1, 1, 16, 16});
  const torch::Tensor images = normalise(pixels, {{0.4914}, {0.247}}).flatten();
  for (int pixel = 0; pixel < 256; ++pixel) {
    EXPECT_EQ(images[pixel].item<float>(), static_cast<float>((pixel / 255.0 - 0.4914) / 0.247));
  }
}

}  // namespace
}  // namespace tandem
