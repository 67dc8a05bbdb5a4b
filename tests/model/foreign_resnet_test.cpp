#include "tandem/model/foreign_resnet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "random_images.h"
#include "tandem/model/initialise.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Tensors = std::map<std::string, torch::Tensor>;

constexpr ImageShape kSmall{.channels = 2, .height = 20, .width = 24};
const Normalisation kPlain{.mean = {0.25, 0.5}, .stddev = {0.5, 0.5}};

Tensors state_of_new(const ModelConfig& config, std::int64_t classes = 10) {
  const at::NoGradGuard no_grad;
  Model model(config, kSmall, {.classes = classes});
  initialise(model, 3);
  model.forward(random_images(4, kSmall, 5));
  Tensors tensors;
  for (const auto& [name, tensor] : state_of(model)) {
    tensors[name] = tensor.clone();
  }
  return tensors;
}

std::string refusal_of(const Tensors& tensors) {
  try {
    recognise_resnet(tensors, "file");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(RecogniseResnet, ReadsNameWidthStemChannelsAndClassesOffTheWeights) {
  for (const ModelConfig& config :
       {ModelConfig{.name = "resnet8", .width = 4}, ModelConfig{.name = "resnet20", .width = 2},
        ModelConfig{.name = "resnet18", .width = 4},
        ModelConfig{.name = "resnet18", .width = 3, .stem = "imagenet"},
        ModelConfig{.name = "resnet34", .width = 2, .stem = "imagenet"},
        ModelConfig{.name = "resnet50", .width = 4},
        ModelConfig{.name = "resnet-basic-2-2-2", .width = 4, .stem = "imagenet"},
        ModelConfig{.name = "resnet-basic-3", .width = 4},
        ModelConfig{.name = "resnet-bottleneck-1-2-1", .width = 4}}) {
    const ForeignResNet found = recognise_resnet(state_of_new(config, 6), "file");
    EXPECT_EQ(config_text(found.config), config_text(config));
    EXPECT_EQ(found.channels, 2);
    EXPECT_EQ(found.class_count, 6);
  }
}

TEST(RecogniseResnet, ListsWhatDoesNotFit) {
  const Tensors good = state_of_new({.name = "resnet18", .width = 4, .stem = "imagenet"});
  const auto refusal = [&](const auto& change) {
    Tensors tensors = good;
    change(tensors);
    return refusal_of(tensors);
  };
  EXPECT_THAT(refusal([](Tensors& t) {
                t["layer1.0.se.fc1.weight"] = torch::zeros({1, 4, 1, 1});
                t["layer1.0.se.fc2.weight"] = torch::zeros({4, 1, 1, 1});
              }),
              AllOf(HasSubstr("file:"), HasSubstr("unexpected 'layer1.0.se.fc1.weight'"),
                    HasSubstr("unexpected 'layer1.0.se.fc2.weight'")));
  EXPECT_THAT(refusal([](Tensors& t) { t["conv1.0.weight"] = t.extract("conv1.weight").mapped(); }),
              AllOf(HasSubstr("missing 'conv1.weight'"), HasSubstr("'conv1.0.weight'")));
  EXPECT_THAT(refusal([](Tensors& t) {
                t["conv1.weight"] = torch::zeros({4, 2, 5, 5});
              }),
              HasSubstr("or [width, channels, 3, 3], is [4, 2, 5, 5]"));
  EXPECT_THAT(refusal([](Tensors& t) {
                t["layer2.1.conv2.weight"] = torch::zeros({8, 2, 3, 3});
              }),
              HasSubstr("'layer2.1.conv2.weight' should be [8, 8, 3, 3], is [8, 2, 3, 3]"));
  EXPECT_THAT(refusal([](Tensors& t) { t.erase("layer2.0.downsample.0.weight"); }),
              HasSubstr("missing 'layer2.0.downsample.0.weight'"));
  EXPECT_THAT(refusal([](Tensors& t) { t.erase("layer2.0.conv1.weight"); }),
              HasSubstr("unexpected 'layer2.0.bn1.bias'"));
  EXPECT_THAT(refusal([](Tensors& t) { t.erase("fc.weight"); }), HasSubstr("missing 'fc.weight'"));
  EXPECT_THAT(refusal([](Tensors& t) { t["fc.bias"] = t["fc.bias"].to(torch::kInt32); }),
              HasSubstr("'fc.bias' should be floating point, is Int"));
  EXPECT_THAT(refusal([](Tensors& t) { t.clear(); }), HasSubstr("found nothing"));
}

TEST(RecogniseResnet, KeepsTheListShort) {
  Tensors tensors = state_of_new({.name = "resnet18", .width = 4});
  for (int k = 0; k < 100; ++k) {
    tensors["extra" + std::to_string(k)] = torch::zeros({1});
  }
  EXPECT_THAT(refusal_of(tensors), AllOf(HasSubstr("and 92 more"), Not(HasSubstr("extra99"))));
}

TEST(RecogniseResnet, ShowsTheNamesThatItFoundInstead) {
  Tensors tensors;
  for (const auto& [name, tensor] : state_of_new({.name = "resnet18", .width = 4})) {
    tensors["module." + name] = tensor;
  }
  EXPECT_THAT(refusal_of(tensors), HasSubstr("found 'module.bn1.bias'"));
}

class ForeignFile : public testing::Test {
 protected:
  TrainedModel load(const Tensors& tensors, const Normalisation& normalisation = kPlain,
                    const std::string& name = "resnet.safetensors") {
    const auto path = folder_.path() / name;
    write_safetensors(path, {.tensors = tensors, .metadata = {{"format", "pt"}}});
    return load_foreign_resnet(path, kSmall, normalisation);
  }

  TemporaryFolder folder_;
  ModelConfig config_{.name = "resnet50", .width = 4};
};

TEST_F(ForeignFile, ComputesWhatTheModelItCameFromComputes) {
  const at::NoGradGuard no_grad;
  Model model(config_, kSmall, {.classes = 10});
  const Tensors tensors = state_of_new(config_);
  load_state(model, tensors, "here");
  model.eval();
  Tensors without_counters = tensors;
  std::erase_if(without_counters,
                [](const auto& entry) { return entry.first.ends_with("num_batches_tracked"); });
  ASSERT_LT(without_counters.size(), tensors.size());
  const torch::Tensor images = random_images(3, kSmall, 6);
  for (const Tensors& given : {tensors, without_counters}) {
    const TrainedModel loaded = load(given);
    EXPECT_FALSE(loaded.model->is_training());
    EXPECT_TRUE(torch::equal(loaded.model->forward(images), model.forward(images)));
  }
}

TEST_F(ForeignFile, TurnsOtherFloatingTypesIntoFp32) {
  const Tensors tensors = state_of_new(config_);
  for (const torch::Dtype dtype : {torch::kHalf, torch::kBFloat16, torch::kFloat64}) {
    Tensors given = tensors;
    for (auto& [name, tensor] : given) {
      tensor = tensor.is_floating_point() ? tensor.to(dtype) : tensor;
    }
    const auto loaded = state_of(*load(given).model);
    for (const auto& [name, tensor] : given) {
      EXPECT_TRUE(torch::equal(loaded.at(name), tensor.to(loaded.at(name).scalar_type()))) << name;
      EXPECT_NE(loaded.at(name).scalar_type(), torch::kHalf) << name;
    }
  }
}

TEST_F(ForeignFile, HasAFingerprintOfItsContentAndNotOfItsPath) {
  Tensors tensors = state_of_new(config_);
  const Fingerprint original = load(tensors).fingerprint;
  EXPECT_EQ(load(tensors, kPlain, "other.safetensors").fingerprint, original);
  Normalisation other = kPlain;
  other.mean[1] = 0.75;
  EXPECT_NE(load(tensors, other).fingerprint, original);
  tensors.at("fc.bias")[3] += 1;
  EXPECT_NE(load(tensors).fingerprint, original);
}

TEST_F(ForeignFile, RefusesTandemsOwnCheckpointsAndOtherChannels) {
  const auto refusal = [&](const ImageShape& shape) -> std::string {
    try {
      load_foreign_resnet(folder_.path() / "resnet.safetensors", shape, kPlain);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "nothing was refused";
  };
  load(state_of_new(config_));
  EXPECT_THAT(refusal({.channels = 3, .height = 20, .width = 24}),
              AllOf(HasSubstr("resnet.safetensors"), HasSubstr("images of 2 channels")));
  EXPECT_THAT(refusal({.channels = 2, .height = 4, .width = 4}), HasSubstr("at least 5x5"));
  save_model(folder_.path() / "resnet.safetensors", Model(config_, kSmall, {.classes = 10}),
             kPlain);
  EXPECT_THAT(refusal(kSmall), HasSubstr("is a Tandem checkpoint"));
}

TEST(LoadForeignResnet, LeavesOutThePrefixOfDataParallelAndSaysSo) {
  const TemporaryFolder folder;
  const Tensors plain = state_of_new({.name = "resnet8", .width = 8});
  Tensors prefixed;
  for (const auto& [name, tensor] : plain) {
    prefixed["module." + name] = tensor;
  }
  write_safetensors(folder.path() / "plain.safetensors", {.tensors = plain, .metadata = {}});
  write_safetensors(folder.path() / "parallel.safetensors", {.tensors = prefixed, .metadata = {}});
  const TrainedModel expected =
      load_foreign_resnet(folder.path() / "plain.safetensors", kSmall, kPlain);
  const TrainedModel found =
      load_foreign_resnet(folder.path() / "parallel.safetensors", kSmall, kPlain);
  EXPECT_EQ(found.fingerprint, expected.fingerprint);
  EXPECT_FALSE(expected.metadata.contains(kRemarkNote));
  EXPECT_THAT(found.metadata.at(kRemarkNote), HasSubstr("'module.'"));
}

}  // namespace
}  // namespace tandem
