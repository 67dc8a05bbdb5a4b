// Augmentations that a program adds to Tandem's.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "noise.h"
#include "tandem/core/parameter_text.h"
#include "tandem/view/augmentation.h"
#include "tandem/view/batch_source.h"
#include "tandem/view/operations.h"
#include "tandem/view/view_config.h"

namespace tandem {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

/// The example of docs/views.md. "dim:PERCENT": darker by up to so much.
class Dim : public Augmentation {
 public:
  explicit Dim(int percent) : percent_(percent) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape&, View& view) const override {
    RandomStream random(key.stream(user_stream("dim")));
    view.operations.push_back(brightness(1 - random.uniform() * percent_ / 100));
  }

  std::string text() const override { return "dim:" + std::to_string(percent_); }

 private:
  int percent_;
};

std::unique_ptr<Augmentation> parse_dim(std::string_view parameter) {
  const std::optional<int> percent = parse_number<int>(parameter);
  if (!percent || *percent < 1 || *percent > 100) {
    throw std::invalid_argument(
        fmt::format("dim: expected dim:PERCENT in 1..100, found parameter '{}'", parameter));
  }
  return std::make_unique<Dim>(*percent);
}

/// "crop-left": the left half of the sample, scaled to the whole.
class CropLeft : public Augmentation {
 public:
  Part part() const override { return Part::kCrop; }
  void draw(const ViewKey&, const ImageShape&, View& view) const override { view.crop.width /= 2; }
  std::string text() const override { return "crop-left"; }
};

/// Its text is whatever it is asked to be.
class BadlyNamed : public Augmentation {
 public:
  explicit BadlyNamed(std::string text) : text_(std::move(text)) {}
  Part part() const override { return Part::kOperations; }
  void draw(const ViewKey&, const ImageShape&, View&) const override {}
  std::string text() const override { return text_; }

 private:
  std::string text_;
};

/// The tests are one program, which registers once.
class OwnAugmentation : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    register_augmentation("dim", parse_dim);
    register_augmentation("crop-left",
                          [](std::string_view) { return std::make_unique<CropLeft>(); });
    register_augmentation("badly-named", [](std::string_view text) {
      return std::make_unique<BadlyNamed>(std::string(text));
    });
    register_augmentation("badly-read", [](std::string_view parameter) {
      if (!parameter.empty()) {
        throw std::invalid_argument("no parameter is known");
      }
      return std::make_unique<BadlyNamed>("badly-read:1");
    });
  }
};

TEST_F(OwnAugmentation, StandsInAPolicyLikeAnyOther) {
  const ViewPolicy policy = ViewPolicy::parse(" crop-left, flip,dim:50, grayscale:1,mixup:0.20");
  EXPECT_EQ(policy.text(), "crop-left,flip,dim:50,grayscale:1,mixup:0.2");
  EXPECT_NE(policy.fingerprint(),
            ViewPolicy::parse("crop-left,flip,dim:25,grayscale:1,mixup:0.2").fingerprint());
  const ImageShape shape{3, 8, 8};
  for (std::uint32_t index = 0; index < 100; ++index) {
    const ViewKey key{9, 3, index};
    const View view = policy.draw(key, shape, 100);
    RandomStream random({9, user_stream("dim"), 3, index});
    EXPECT_EQ(view.crop, (Box{0, 0, 4, 8}));
    EXPECT_EQ(view.flip, ViewPolicy::parse("flip").draw(key, shape, 100).flip);
    ASSERT_EQ(view.operations.size(), 2u);
    EXPECT_EQ(view.operations[0], brightness(1 - random.uniform() * 50 / 100));
    EXPECT_EQ(view.operations[1], grayscale());
  }
}

TEST_F(OwnAugmentation, IsHeldToThePartThatItNames) {
  for (const char* text : {"crop-left,pad-crop:2", "dim:10,flip", "dim:10,dim:50"}) {
    EXPECT_THROW(ViewPolicy::parse(text), std::invalid_argument) << text;
  }
}

TEST_F(OwnAugmentation, MakesTheBatchesOfAConfiguredPolicy) {
  ViewConfig config;
  ConfigTable::from_text("policy = \"pad-crop:2,dim:50\"").read_into(config);
  const Dataset dataset = noise_dataset(20, {3, 8, 8});
  const BatchOptions options{.size = 10, .order_seed = 1, .view_seed = 2};
  BatchSource source(dataset, ViewPolicy::parse(config.policy), Normalisation::of(dataset),
                     options);
  BatchSource bright(dataset, ViewPolicy::parse("pad-crop:2"), Normalisation::of(dataset), options);
  const Batch batch = source.batch(3), as_bright = bright.batch(3);
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    const std::int64_t factor = batch.views[row].operations.at(0).parameters[0];
    EXPECT_TRUE(torch::equal(
        batch.pixels[row].to(torch::kInt64),
        torch::bitwise_right_shift(as_bright.pixels[row].to(torch::kInt64) * factor, 16)));
  }
}

TEST_F(OwnAugmentation, RefusesItsParametersByItself) {
  EXPECT_THAT([] { parse_augmentation("dim:0.5"); },
              ThrowsMessage<std::invalid_argument>(StartsWith("dim: expected dim:PERCENT")));
  EXPECT_THAT([] { parse_augmentation("dim"); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("found parameter ''")));
  EXPECT_THAT([] { parse_augmentation("dimmer"); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("cutout, dim, erasing")));
}

TEST_F(OwnAugmentation, MustBeginItsTextWithItsNameAndHoldNoComma) {
  for (const char* text : {"badly-named", "badly-named:dim:50", "badly-named:badly-nameds",
                           "badly-named:badly-named:1,flip"}) {
    EXPECT_THAT([&] { parse_augmentation(text); },
                ThrowsMessage<std::invalid_argument>(HasSubstr("begins with its name")))
        << text;
  }
}

TEST_F(OwnAugmentation, MustReadItsTextAsItself) {
  const auto refusal_of = [](const std::string& text) {
    try {
      parse_augmentation(text);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("nothing was refused");
  };
  EXPECT_THAT(refusal_of("badly-named:badly-named:1"),
              HasSubstr("leads back to itself, found 'badly-named:1', which is read as '1'"));
  EXPECT_THAT(refusal_of("badly-named:badly-named:"), HasSubstr("for want of a parameter"));
  EXPECT_THAT(refusal_of("badly-read"),
              HasSubstr("found 'badly-read:1', which is read as nothing (no parameter is"));
}

TEST_F(OwnAugmentation, NeedsANameThatIsFree) {
  EXPECT_THAT([] { register_augmentation("dim", parse_dim); },
              ThrowsMessage<std::invalid_argument>("augmentation 'dim' is registered twice"));
  for (const char* name :
       {"flip", "none", "mixup", "cutmix", "", "Dim", "dim:50", "a,b", "dim 50"}) {
    EXPECT_THAT(
        [&] { register_augmentation(name, parse_dim); },
        ThrowsMessage<std::invalid_argument>(StartsWith(fmt::format("augmentation '{}'", name))))
        << name;
  }
  EXPECT_THROW(register_augmentation("empty", nullptr), std::invalid_argument);
  EXPECT_EQ(parse_augmentation("flip")->text(), "flip");
}

}  // namespace
}  // namespace tandem
