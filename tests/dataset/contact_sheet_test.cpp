#include "tandem/dataset/contact_sheet.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace tandem {
namespace {

/// `per_class` images a class, each one value all over: 100 + class.
Dataset plain_colours(std::int64_t classes, std::int64_t per_class, std::int64_t side = 8) {
  const torch::Tensor labels = torch::arange(classes * per_class).remainder(classes);
  std::vector<std::string> names;
  for (std::int64_t label = 0; label < classes; ++label) {
    names.push_back("class " + std::to_string(label));
  }
  const torch::Tensor images = (labels.remainder(100) + 100)
                                   .to(torch::kUInt8)
                                   .reshape({-1, 1, 1, 1})
                                   .expand({classes * per_class, 3, side, side})
                                   .contiguous();
  return Dataset("plain", images, labels, names);
}

std::int64_t pixels_of(const torch::Tensor& sheet, int value) {
  return (sheet == value).all(0).sum().item<std::int64_t>();
}

TEST(ContactSheet, ShowsAsManySamplesOfEachClassAsAskedOrAsThereAre) {
  const Dataset dataset = plain_colours(4, 5);
  constexpr std::int64_t kTile = 72 * 72;
  for (const auto& [asked, shown] : {std::pair{3, 3}, {8, 5}}) {
    const torch::Tensor sheet = contact_sheet(dataset, {.per_class = asked});
    for (int label = 0; label < 4; ++label) {
      EXPECT_EQ(pixels_of(sheet, 100 + label), shown * kTile) << label;
    }
  }
  EXPECT_THROW(contact_sheet(dataset, {.per_class = 0}), std::invalid_argument);
  EXPECT_THROW(contact_sheet(dataset, {.per_class = 65}), std::invalid_argument);
}

TEST(ContactSheet, StaysAPictureOfModerateSizeForManyClassesAndLargeImages) {
  const torch::Tensor many = contact_sheet(plain_colours(1000, 1, 1), {.per_class = 8});
  EXPECT_LT(many.size(1), 3000);
  EXPECT_LT(many.size(2), 2000);
  const torch::Tensor large = contact_sheet(plain_colours(2, 1, 300), {.per_class = 8});
  EXPECT_EQ(pixels_of(large, 101), 72 * 72);
}

TEST(ContactSheet, DependsOnTheSeedAlone) {
  torch::Tensor images = torch::arange(40).to(torch::kUInt8).reshape({40, 1, 1, 1});
  images = images.expand({40, 1, 4, 4}).contiguous();
  const Dataset dataset("shades", images, torch::zeros({40}, torch::kInt64), {"grey"});
  const torch::Tensor first = contact_sheet(dataset, {.per_class = 4, .seed = 1});
  EXPECT_TRUE(torch::equal(first, contact_sheet(dataset, {.per_class = 4, .seed = 1})));
  EXPECT_FALSE(torch::equal(first, contact_sheet(dataset, {.per_class = 4, .seed = 2})));
}

}  // namespace
}  // namespace tandem
