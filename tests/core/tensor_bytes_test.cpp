#include "tandem/core/tensor_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(BytesOf, AreTheElementsInTheirOrder) {
  const torch::Tensor numbers = torch::tensor({1, 258, -1}, torch::kInt16);
  EXPECT_THAT(bytes_of(numbers), ElementsAre(std::byte{1}, std::byte{0}, std::byte{2}, std::byte{1},
                                             std::byte{255}, std::byte{255}));
  EXPECT_EQ(bytes_of(numbers).data(), numbers.data_ptr());
}

TEST(BytesOf, OfAPartAreThoseOfThePart) {
  const torch::Tensor rows = torch::arange(6, torch::kUInt8).reshape({3, 2}).slice(0, 1, 2);
  EXPECT_THAT(bytes_of(rows), ElementsAre(std::byte{2}, std::byte{3}));
  EXPECT_TRUE(bytes_of(torch::empty({0, 3})).empty());
}

TEST(BytesOf, RefusesElementsThatDoNotStandInARow) {
  const torch::Tensor turned = torch::zeros({3, 2}).t();
  EXPECT_THAT([&] { bytes_of(turned); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("[2, 3] with strides [1, 2]")));
}

}  // namespace
}  // namespace tandem
