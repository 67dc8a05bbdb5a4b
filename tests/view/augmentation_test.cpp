#include "tandem/view/augmentation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <stdexcept>

#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

constexpr ImageShape kShape{3, 32, 32};

/// Draws of one augmentation.
class Drawn {
 public:
  explicit Drawn(const char* text) : augmentation_(parse_augmentation(text)) {}

  View at(const ViewKey& key, const ImageShape& shape = kShape) const {
    View view = canonical_view(shape);
    augmentation_->draw(key, shape, view);
    return view;
  }

 private:
  std::unique_ptr<Augmentation> augmentation_;
};

TEST(PadCrop, ReachesEveryShiftAboutEquallyOften) {
  const Drawn pad_crop("pad-crop:2");
  std::map<std::pair<int, int>, int> counts;
  constexpr int kDraws = 25000;
  for (std::uint32_t index = 0; index < kDraws; ++index) {
    const View view = pad_crop.at({1, 0, index});
    EXPECT_EQ(view.crop.width, 32);
    EXPECT_EQ(view.crop.height, 32);
    EXPECT_FALSE(view.flip);
    ++counts[{view.crop.left, view.crop.top}];
  }
  ASSERT_EQ(counts.size(), 25u);
  for (const auto& [shift, count] : counts) {
    EXPECT_LE(std::abs(shift.first), 2);
    EXPECT_LE(std::abs(shift.second), 2);
    EXPECT_NEAR(count, 1000, 160);  // five standard deviations
  }
}

TEST(HorizontalFlip, HappensToHalfOfTheViews) {
  const Drawn flip("flip");
  int flips = 0;
  for (std::uint32_t epoch = 0; epoch < 10000; ++epoch) {
    const View view = flip.at({1, epoch, 7});
    EXPECT_EQ(view.crop, canonical_view(kShape).crop);
    flips += view.flip;
  }
  EXPECT_NEAR(flips, 5000, 250);
}

TEST(RandomResizedCrop, LiesInsideTheSampleWithinItsBounds) {
  const Drawn crop("resized-crop:0.08-1");
  const ImageShape shape{3, 200, 300};
  for (std::uint32_t index = 0; index < 5000; ++index) {
    const Box box = crop.at({3, 1, index}, shape).crop;
    EXPECT_GE(box.left, 0);
    EXPECT_GE(box.top, 0);
    EXPECT_LE(box.left + box.width, shape.width);
    EXPECT_LE(box.top + box.height, shape.height);
    // Sides are rounded to whole pixels, which moves area and aspect ratio a little.
    const double area = static_cast<double>(box.width * box.height) / (200 * 300);
    const double aspect = static_cast<double>(box.width) / box.height;
    EXPECT_GE(area, 0.079);
    EXPECT_LE(area, 1.0);
    EXPECT_GE(aspect, 0.74);
    EXPECT_LE(aspect, 1.35);
  }
}

TEST(RandomResizedCrop, HasAreaUniformAndAspectLogUniform) {
  // Up to half of a square no box is rejected, so the distributions are those of the draws.
  const Drawn crop("resized-crop:0.1-0.5");
  const ImageShape shape{1, 1000, 1000};
  constexpr int kDraws = 20000, kBins = 4;
  std::array<int, kBins> areas{}, aspects{};
  for (std::uint32_t index = 0; index < kDraws; ++index) {
    const Box box = crop.at({5, 0, index}, shape).crop;
    const double area = box.width * box.height / 1e6;
    const double aspect = std::log(static_cast<double>(box.width) / box.height);
    ++areas[std::clamp(static_cast<int>((area - 0.1) / 0.4 * kBins), 0, kBins - 1)];
    const double limit = std::log(4.0 / 3);
    ++aspects[std::clamp(static_cast<int>((aspect + limit) / (2 * limit) * kBins), 0, kBins - 1)];
  }
  for (int bin = 0; bin < kBins; ++bin) {
    EXPECT_NEAR(areas[bin], kDraws / kBins, 350);  // above five standard deviations of 61
    EXPECT_NEAR(aspects[bin], kDraws / kBins, 350);
  }
}

TEST(RandomResizedCrop, ReachesEveryPlaceThatItsSizeLeaves) {
  const Drawn crop("resized-crop:0.25-0.25");
  std::map<int, int> lefts;
  for (std::uint32_t index = 0; index < 5000; ++index) {
    const Box box = crop.at({5, 0, index}, {1, 8, 8}).crop;
    if (box.width == 4) {
      ++lefts[box.left];
    }
  }
  EXPECT_EQ(lefts.size(), 5u);
}

TEST(RandomResizedCrop, FallsBackToTheCentreWhereNoBoxFits) {
  const Drawn crop("resized-crop:1-1");
  for (std::uint32_t index = 0; index < 20; ++index) {
    // No box with the area of these strips and an aspect ratio in [3/4, 4/3] fits into them.
    EXPECT_EQ(crop.at({1, 0, index}, {1, 30, 100}).crop, (Box{30, 0, 40, 30}));
    EXPECT_EQ(crop.at({1, 0, index}, {1, 100, 30}).crop, (Box{0, 30, 30, 40}));
  }
}

TEST(ParseAugmentation, RefusesBadParametersAndNamesTheExpectedForm) {
  for (const char* text :
       {"pad-crop", "pad-crop:", "pad-crop:x", "pad-crop:2x", "pad-crop:0", "pad-crop:-1",
        "pad-crop:5000", "flip:1", "flip:", "resized-crop:", "resized-crop:0.5", "resized-crop:0-1",
        "resized-crop:0.6-0.5", "resized-crop:0.5-1.5", "resized-crop:a-b", "resized-crop:nan-1"}) {
    EXPECT_THROW(parse_augmentation(text), std::invalid_argument) << text;
  }
  EXPECT_EQ(parse_augmentation("resized-crop")->text(), "resized-crop:0.08-1");
  EXPECT_EQ(parse_augmentation("resized-crop:1e-5-0.5")->text(), "resized-crop:1e-05-0.5");
}

}  // namespace
}  // namespace tandem
