// Also run with a memory allocator that finds what is written past the end of a block (CMakeLists).

#include "tandem/model/layout.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "random_images.h"
#include "tandem/model/initialise.h"

namespace tandem {
namespace {

/// Forward and backward, as a training does them, of images whose sides are as odd as may be.
void take_steps(const ModelConfig& config, const ImageShape& shape, std::int64_t batch) {
  Model model(config, shape, {.classes = 10});
  initialise(model, 1);
  use_fast_layout(model);
  for (std::uint64_t step = 0; step < 2; ++step) {
    const torch::Tensor loss = model.forward(random_images(batch, shape, step)).square().mean();
    loss.backward();
    ASSERT_TRUE(loss.isfinite().item<bool>()) << config.name << " of width " << config.width;
  }
}

TEST(Layout, LetsEveryModelOfEveryWidthTakeSteps) {
  for (const std::string& name : model_names()) {
    for (const std::int64_t width : {1, 2, 3, 5, 7, 8, 17}) {
      take_steps({.name = name, .width = width}, {.channels = 3, .height = 15, .width = 17}, 6);
    }
  }
}

TEST(Layout, LetsNarrowResidualNetworksTakeStepsOnBatchesAndImagesOfUsualSizes) {
  for (const std::string name : {"resnet8", "resnet-bottleneck-1-1-1"}) {
    for (std::int64_t width = 1; width <= 12; ++width) {
      take_steps({.name = name, .width = width}, {.channels = 1, .height = 28, .width = 28}, 32);
    }
  }
}

TEST(Layout, IsChannelsLastUnlessALayerForbidsIt) {
  const auto is_channels_last = [](const ModelConfig& config) {
    Model model(config, {.channels = 3, .height = 16, .width = 16}, {.classes = 10});
    use_fast_layout(model);
    return model.named_parameters()["conv1.weight"].is_contiguous(
        torch::MemoryFormat::ChannelsLast);
  };
  EXPECT_TRUE(is_channels_last({.name = "resnet8", .width = 8}));
  EXPECT_FALSE(is_channels_last({.name = "resnet8", .width = 7}));
  EXPECT_TRUE(is_channels_last({.name = "convnet3", .width = 4}));
  EXPECT_FALSE(is_channels_last({.name = "convnet3", .width = 4, .norm = "instance"}));
  EXPECT_TRUE(is_channels_last({.name = "resnet50", .width = 2}));
  EXPECT_FALSE(is_channels_last({.name = "resnet50", .width = 1}));
}

}  // namespace
}  // namespace tandem
