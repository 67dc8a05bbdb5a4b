// Augmentations that add operations: what they draw, and how often.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tandem/core/parameter_text.h"
#include "tandem/view/augmentation.h"
#include "tandem/view/operations.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

constexpr ImageShape kDrawShape{3, 32, 32};
constexpr double kFactorUnit = 65536, kHueUnit = 24576;

std::vector<std::vector<Operation>> drawn_operations(const std::string& text, std::uint32_t count,
                                                     const ImageShape& shape = kDrawShape) {
  const ViewPolicy policy = ViewPolicy::parse(text);
  std::vector<std::vector<Operation>> drawn;
  for (std::uint32_t index = 0; index < count; ++index) {
    const View view = policy.draw({3, 1, index}, shape, count);
    EXPECT_EQ(view.crop, canonical_view(shape).crop);
    EXPECT_FALSE(view.flip);
    drawn.push_back(view.operations);
  }
  return drawn;
}

/// Values that should be uniform in low..high: none outside, a quarter in each quarter.
void expect_uniform(const std::vector<double>& values, double low, double high) {
  constexpr int kQuarters = 4;
  const auto count = static_cast<double>(values.size());
  std::vector<int> quarters(kQuarters);
  for (const double value : values) {
    // Parameters are rounded to their units, at most 1/1024.
    ASSERT_GE(value, low - 1e-3);
    ASSERT_LE(value, high + 1e-3);
    const int quarter = static_cast<int>((value - low) / (high - low) * kQuarters);
    ++quarters[static_cast<std::size_t>(std::clamp(quarter, 0, kQuarters - 1))];
  }
  for (const int found : quarters) {
    EXPECT_NEAR(found, count / 4, 5 * std::sqrt(count * 3 / 16));
  }
}

constexpr const char* kOperationPolicies[] = {"rotate:30",
                                              "affine:15-0.1-0.2-10",
                                              "color-jitter:0.4-0.4-0.4-0.1",
                                              "grayscale:0.2",
                                              "blur",
                                              "cutout:8",
                                              "erasing:0.5",
                                              "randaugment:2-9",
                                              "autoaugment",
                                              "trivialaugment"};

TEST(OperationAugmentations, ArePureFunctionsOfTheKey) {
  for (const char* text : kOperationPolicies) {
    EXPECT_EQ(drawn_operations(text, 200), drawn_operations(text, 200)) << text;
  }
}

TEST(OperationAugmentations, DrawOtherwiseInOtherEpochsAndSeeds) {
  for (const char* text : kOperationPolicies) {
    const ViewPolicy policy = ViewPolicy::parse(text);
    int epochs = 0, seeds = 0;
    for (std::uint32_t index = 0; index < 300; ++index) {
      const View view = policy.draw({3, 1, index}, kDrawShape, 300);
      epochs += view == policy.draw({3, 2, index}, kDrawShape, 300) ? 1 : 0;
      seeds += view == policy.draw({4, 1, index}, kDrawShape, 300) ? 1 : 0;
    }
    // grayscale:0.2 agrees with itself in 0.68 of pairs.
    EXPECT_LT(epochs, 250) << text;
    EXPECT_LT(seeds, 250) << text;
  }
}

TEST(OperationAugmentations, DrawTheSameWhateverElseAPolicyHolds) {
  for (const char* text : kOperationPolicies) {
    const ViewPolicy policy = ViewPolicy::parse("pad-crop:4,flip," + std::string(text));
    const ViewPolicy crop = ViewPolicy::parse("pad-crop:4,flip");
    const auto alone = drawn_operations(text, 100);
    for (std::uint32_t index = 0; index < 100; ++index) {
      View view = policy.draw({3, 1, index}, kDrawShape, 100);
      EXPECT_EQ(view.operations, alone[index]) << text;
      view.operations.clear();
      EXPECT_EQ(view, crop.draw({3, 1, index}, kDrawShape, 100)) << text;
    }
  }
}

TEST(OperationAugmentations, FollowTheOrderOfThePolicy) {
  const auto one = drawn_operations("grayscale:1,cutout:4", 1)[0];
  const auto other = drawn_operations("cutout:4,grayscale:1", 1)[0];
  ASSERT_EQ(one.size(), 2u);
  EXPECT_EQ(one[0].kind, OperationKind::kGrayscale);
  EXPECT_EQ(one[0], other[1]);
  EXPECT_EQ(one[1], other[0]);
}

TEST(OperationAugmentations, MustFollowCropAndFlipAndStandOnce) {
  for (const char* text :
       {"blur,flip", "rotate:5,pad-crop:2", "blur,blur:1-2", "cutout:4,cutout:4", "mixup,blur"}) {
    EXPECT_THROW(ViewPolicy::parse(text), std::invalid_argument) << text;
  }
  EXPECT_NO_THROW(ViewPolicy::parse("flip,pad-crop:2,rotate:5,affine:5,blur,cutout:4,mixup"));
}

TEST(OperationAugmentations, WriteTextsThatParseToThemselves) {
  for (const char* text : kOperationPolicies) {
    const std::string normal = parse_augmentation(text)->text();
    EXPECT_EQ(parse_augmentation(normal)->text(), normal);
    EXPECT_EQ(ViewPolicy::parse(normal).fingerprint(), ViewPolicy::parse(text).fingerprint());
  }
  EXPECT_EQ(parse_augmentation("pad-crop:4:reflect")->text(), "pad-crop:4:reflect");
  EXPECT_EQ(parse_augmentation("flip:alternate")->text(), "flip:alternate");
  EXPECT_EQ(parse_augmentation("color-jitter:0.4")->text(), "color-jitter:0.4-0-0-0");
}

TEST(OperationAugmentations, RefuseBadParametersAndSayWhatWasFound) {
  for (const char* text : {"pad-crop:4:mirror",
                           "flip:always",
                           "rotate",
                           "rotate:0",
                           "rotate:181",
                           "rotate:x",
                           "affine:-1",
                           "affine:10-2",
                           "affine:10-0-1",
                           "affine:10-0-0-89",
                           "affine:1-0-0-0-0",
                           "color-jitter",
                           "color-jitter:0",
                           "color-jitter:0.4-0.4-0.4-0.6",
                           "color-jitter:5",
                           "color-jitter:0.4-",
                           "color-jitter:nan",
                           "grayscale",
                           "grayscale:0",
                           "grayscale:1.5",
                           "blur:2-1",
                           "blur:0-1",
                           "blur:1",
                           "blur:1-inf",
                           "cutout",
                           "cutout:0",
                           "cutout:2.5",
                           "erasing:0",
                           "erasing:2",
                           "randaugment:0-9",
                           "randaugment:2-31",
                           "randaugment:2",
                           "randaugment:2.5-9",
                           "autoaugment:svhn",
                           "trivialaugment:3"}) {
    try {
      parse_augmentation(text);
      ADD_FAILURE() << "expected a std::invalid_argument for " << text;
    } catch (const std::invalid_argument& error) {
      const std::string name(split_parameter(text).name);
      EXPECT_THAT(error.what(), testing::StartsWith(name)) << text;
      EXPECT_THAT(error.what(), testing::HasSubstr("expected")) << text;
    }
  }
}

TEST(AlternatingFlip, IsTheFlipInEpochZeroAndThenEveryOtherOne) {
  const ViewPolicy plain = ViewPolicy::parse("flip");
  const ViewPolicy alternating = ViewPolicy::parse("flip:alternate");
  int first_flips = 0;
  for (std::uint32_t index = 0; index < 4000; ++index) {
    const bool first = plain.draw({3, 0, index}, kDrawShape, 1).flip;
    first_flips += first ? 1 : 0;
    for (const std::uint32_t epoch : {0u, 1u, 2u, 3u, 100u, 101u}) {
      ASSERT_EQ(alternating.draw({3, epoch, index}, kDrawShape, 1).flip, first != (epoch % 2 == 1));
    }
  }
  EXPECT_NEAR(first_flips, 2000, 160);  // five standard deviations
}

TEST(ReflectingPadCrop, HasTheBoxesOfTheBlackOne) {
  const ViewPolicy black = ViewPolicy::parse("pad-crop:4");
  const ViewPolicy reflecting = ViewPolicy::parse("pad-crop:4:reflect");
  for (std::uint32_t index = 0; index < 100; ++index) {
    View view = reflecting.draw({3, 1, index}, kDrawShape, 1);
    EXPECT_EQ(view.border, Border::kReflect);
    view.border = Border::kZero;
    EXPECT_EQ(view, black.draw({3, 1, index}, kDrawShape, 1));
  }
}

TEST(ColorJitter, DrawsUniformFactorsInEveryOrderAlike) {
  std::map<OperationKind, std::vector<double>> values;
  std::map<std::vector<OperationKind>, int> orders;
  for (const auto& operations : drawn_operations("color-jitter:0.4-0.5-1.5-0.1", 12000)) {
    std::vector<OperationKind> order;
    for (const Operation& operation : operations) {
      order.push_back(operation.kind);
      values[operation.kind].push_back(operation.parameters[0] / kFactorUnit);
    }
    ++orders[order];
  }
  expect_uniform(values[OperationKind::kBrightness], 0.6, 1.4);
  expect_uniform(values[OperationKind::kContrast], 0.5, 1.5);
  expect_uniform(values[OperationKind::kSaturation], 0, 2.5);
  for (double& hue : values[OperationKind::kHue]) {
    hue *= kFactorUnit / kHueUnit;
    hue -= hue > 0.5 ? 1 : 0;
  }
  expect_uniform(values[OperationKind::kHue], -0.1, 0.1);
  EXPECT_EQ(orders.size(), 24u);
  for (const auto& [order, count] : orders) {
    EXPECT_EQ(order.size(), 4u);
    EXPECT_NEAR(count, 500, 110);  // five standard deviations
  }
}

TEST(ColorJitter, LeavesOutWhatHasNoStrengthAndKeepsTheRest) {
  const auto all = drawn_operations("color-jitter:0.4-0.4-0.4-0.1", 200);
  const auto some = drawn_operations("color-jitter:0-0.4-0-0.1", 200);
  for (std::size_t k = 0; k < all.size(); ++k) {
    std::vector<Operation> expected = all[k];
    std::erase_if(expected, [](const Operation& operation) {
      return operation.kind == OperationKind::kBrightness ||
             operation.kind == OperationKind::kSaturation;
    });
    EXPECT_EQ(some[k], expected);
  }
}

TEST(Grayscale, HappensAsOftenAsAsked) {
  int grays = 0;
  for (const auto& operations : drawn_operations("grayscale:0.2", 10000)) {
    grays += operations.empty() ? 0 : 1;
  }
  EXPECT_NEAR(grays, 2000, 200);  // five standard deviations
}

TEST(Blur, HasAUniformDeviationAndTapsBySize) {
  std::vector<double> sigmas;
  for (const auto& operations : drawn_operations("blur:0.5-3", 4000)) {
    ASSERT_EQ(operations.size(), 1u);
    EXPECT_EQ(operations[0].parameters[0], 1);
    sigmas.push_back(operations[0].parameters[1] / 1024.0);
  }
  expect_uniform(sigmas, 0.5, 3);
  EXPECT_EQ(drawn_operations("blur", 1, {3, 224, 300})[0][0].parameters[0], 11);
}

TEST(Cutout, IsCentredOnEveryPixelAlike) {
  std::vector<double> lefts, tops;
  std::set<int> places;
  for (const auto& operations : drawn_operations("cutout:8", 5000, {3, 20, 30})) {
    const auto [left, top, width, height, rest, more] = operations.at(0).parameters;
    EXPECT_EQ(width, 8);
    EXPECT_EQ(height, 8);
    places.insert(left);
    lefts.push_back((left + 4.5) / 30);  // the middle of the centre's pixel
    tops.push_back((top + 4.5) / 20);
  }
  EXPECT_EQ(places.size(), 30u);
  expect_uniform(tops, 0, 1);
  EXPECT_EQ(*places.begin(), -4);
  EXPECT_EQ(*places.rbegin(), 25);
  EXPECT_NEAR(std::accumulate(lefts.begin(), lefts.end(), 0.0) / 5000, 0.5, 0.025);
}

TEST(RandomErasing, LiesInsideWithAreaAndAspectInBounds) {
  int boxes = 0;
  std::vector<double> areas;
  for (const auto& operations : drawn_operations("erasing:0.5", 8000, {1, 400, 400})) {
    for (const Operation& operation : operations) {
      const auto [left, top, width, height, rest, more] = operation.parameters;
      EXPECT_GE(left, 0);
      EXPECT_GE(top, 0);
      EXPECT_LE(left + width, 400);
      EXPECT_LE(top + height, 400);
      const double aspect = static_cast<double>(height) / width;
      EXPECT_GE(aspect, 0.29);
      EXPECT_LE(aspect, 3.4);
      areas.push_back(width * height / 160000.0);
      ++boxes;
    }
  }
  EXPECT_NEAR(boxes, 4000, 225);  // five standard deviations
  // Areas above 1 / 3.3 are retried where too long; up to 0.3 nothing is.
  std::erase_if(areas, [](double area) { return area > 0.3; });
  expect_uniform(areas, 0.02, 0.3);
}

TEST(RandomAffine, MovesUniformlyWithinItsLimits) {
  // The map's parts by which scale and angle can be told: (a, d) = (cos, -sin) / scale.
  std::vector<double> angles, scales;
  for (const auto& operations : drawn_operations("affine:30-0-0.25-0", 4000)) {
    const auto& map = operations.at(0).parameters;
    angles.push_back(std::atan2(-map[3], map[0]) * 180 / M_PI);
    scales.push_back(kFactorUnit / std::hypot(map[0], map[3]));
  }
  expect_uniform(angles, -30, 30);
  expect_uniform(scales, 0.75, 1.25);
  std::map<int, int> shifts;
  for (const auto& operations : drawn_operations("affine:0-0.1", 6000)) {
    const auto& map = operations.at(0).parameters;
    EXPECT_EQ((map[2] - 32768) % 65536, 0);  // whole pixels
    ++shifts[(map[2] - 32768) / 65536];
  }
  EXPECT_EQ(shifts.begin()->first, -3);
  EXPECT_EQ(shifts.rbegin()->first, 3);
}

TEST(Rotation, IsAnAffineMapOfAnotherStream) {
  std::vector<double> angles;
  for (const auto& operations : drawn_operations("rotate:90", 4000)) {
    const auto& map = operations.at(0).parameters;
    EXPECT_EQ(map[0], map[4]);
    EXPECT_EQ(map[1], -map[3]);
    angles.push_back(std::atan2(-map[3], map[0]) * 180 / M_PI);
  }
  expect_uniform(angles, -90, 90);
  EXPECT_NE(drawn_operations("rotate:90", 1), drawn_operations("affine:90", 1));
}

TEST(RandAugment, ChoosesAmongFourteenAlikeAtTheMagnitudeAsked) {
  std::map<OperationKind, int> kinds;
  std::set<std::int32_t> factors;
  int chosen = 0;
  for (const auto& operations : drawn_operations("randaugment:2-10", 14000)) {
    EXPECT_LE(operations.size(), 2u);
    for (const Operation& operation : operations) {
      ++kinds[operation.kind];
      ++chosen;
      if (operation.kind == OperationKind::kBrightness) {
        factors.insert(operation.parameters[0]);
      }
      if (operation.kind == OperationKind::kPosterize) {
        EXPECT_EQ(operation.parameters[0], 7);  // 8 - round(4 / 3)
      }
      if (operation.kind == OperationKind::kSolarize) {
        EXPECT_EQ(operation.parameters[0], 170);
      }
    }
  }
  EXPECT_NEAR(chosen, 26000, 220);                         // one in fourteen is the identity
  EXPECT_NEAR(kinds[OperationKind::kAffine], 10000, 400);  // shear, translate, rotate
  EXPECT_EQ(kinds.count(OperationKind::kInvert), 0u);
  EXPECT_EQ(kinds.size(), 9u);
  for (const auto& [kind, count] : kinds) {
    if (kind != OperationKind::kAffine) {
      EXPECT_NEAR(count, 2000, 220) << static_cast<int>(kind);  // five standard deviations
    }
  }
  EXPECT_THAT(factors,
              testing::ElementsAre(brightness(0.7).parameters[0], brightness(1.3).parameters[0]));
}

TEST(TrivialAugment, ChoosesOneOperationAtAnyMagnitude) {
  std::set<std::int32_t> factors, thresholds, bits;
  int none = 0;
  for (const auto& operations : drawn_operations("trivialaugment", 14000)) {
    EXPECT_LE(operations.size(), 1u);
    none += operations.empty() ? 1 : 0;
    for (const Operation& operation : operations) {
      std::set<std::int32_t>* found = operation.kind == OperationKind::kContrast    ? &factors
                                      : operation.kind == OperationKind::kSolarize  ? &thresholds
                                      : operation.kind == OperationKind::kPosterize ? &bits
                                                                                    : nullptr;
      if (found != nullptr) {
        found->insert(operation.parameters[0]);
      }
    }
  }
  EXPECT_NEAR(none, 1000, 155);
  EXPECT_EQ(factors.size(), 61u);  // 30 either way and 1
  EXPECT_EQ(*factors.begin(), contrast(0.01).parameters[0]);
  EXPECT_EQ(*factors.rbegin(), contrast(1.99).parameters[0]);
  EXPECT_EQ(thresholds.size(), 31u);
  EXPECT_THAT(bits, testing::ElementsAre(2, 3, 4, 5, 6, 7, 8));
}

TEST(AutoAugment, DoesWhatItsPoliciesSayAsOften) {
  std::map<OperationKind, int> kinds;
  constexpr int kDraws = 20000;
  for (const auto& operations : drawn_operations("autoaugment", kDraws)) {
    EXPECT_LE(operations.size(), 2u);
    for (const Operation& operation : operations) {
      ++kinds[operation.kind];
    }
  }
  // Sums of the probabilities of each, over 25 pairs.
  const auto expect_share = [&](OperationKind kind, double sum) {
    EXPECT_NEAR(kinds[kind], kDraws * sum / 25, 5 * std::sqrt(kDraws * sum / 25))
        << static_cast<int>(kind);
  };
  expect_share(OperationKind::kInvert, 0.1 + 0.1);
  expect_share(OperationKind::kPosterize, 0.3);
  expect_share(OperationKind::kSolarize, 0.5 + 0.2 + 0.4 + 0.8);
  expect_share(OperationKind::kEqualize, 0.9 + 0.6 + 0.5 + 0.3 + 0.2 + 0.2 + 0.6 + 0.6 + 0.8);
  expect_share(OperationKind::kAutoContrast, 0.5 + 0.4 + 0.6 + 0.8 + 0.9 + 0.9 + 0.9);
  expect_share(OperationKind::kSharpness, 0.8 + 0.9 + 0.3 + 0.6 + 0.2);
  expect_share(OperationKind::kContrast, 0.2 + 0.6);
  expect_share(OperationKind::kBrightness, 0.6 + 0.7 + 0.9 + 0.1);
  expect_share(OperationKind::kSaturation, 0.4 + 0.7 + 0.2 + 0.9 + 0.7);
}

}  // namespace
}  // namespace tandem
