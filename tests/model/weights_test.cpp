#include "tandem/model/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "random_images.h"
#include "tandem/model/initialise.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr ImageShape kOddShape{.channels = 3, .height = 16, .width = 12};
const ModelConfig kConfig{.name = "resnet8", .width = 4};
const Normalisation kNormalisation{.mean = {0.1 + 0.2, 1.0 / 3.0, 1e-17},
                                   .stddev = {0.25, 1, 0.24703223246174102}};

/// A model whose batch statistics are not the initial ones.
Model trained_model(std::int64_t target_width = 0) {
  const at::NoGradGuard no_grad;
  Model model(kConfig, kOddShape, {.classes = 10, .target = target_width});
  initialise(model, 3);
  model.forward(random_images(4, kOddShape, 5));
  return model;
}

class Checkpoint : public testing::Test {
 protected:
  /// Saves a trained model, lets `change` edit the file's content, and writes it back.
  template <typename Change>
  void save_changed(Change change) {
    save_model(path_, trained_model(), kNormalisation);
    TensorFile file = read_safetensors(path_);
    change(file);
    write_safetensors(path_, file);
  }

  auto loading() {
    return [this] { load_model(path_); };
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "model.safetensors";
};

TEST_F(Checkpoint, RoundTripsEveryTensorBitForBit) {
  Model model = trained_model();
  save_model(path_, model, kNormalisation);
  const TrainedModel loaded = load_model(path_);

  const auto saved_state = state_of(model);
  const auto loaded_state = state_of(*loaded.model);
  ASSERT_EQ(loaded_state.size(), saved_state.size());
  for (const auto& [name, tensor] : saved_state) {
    EXPECT_TRUE(torch::equal(loaded_state.at(name), tensor)) << name;
  }
  EXPECT_EQ(loaded_state.at("bn1.num_batches_tracked").item<std::int64_t>(), 1);
  model.eval();
  const torch::Tensor images = random_images(2, kOddShape, 6);
  EXPECT_TRUE(torch::equal(loaded.model->forward(images), model.forward(images)));
}

TEST_F(Checkpoint, RoundTripsWhatTheModelIs) {
  save_model(path_, trained_model(), kNormalisation, {{"step", "120"}});
  const TrainedModel loaded = load_model(path_);
  EXPECT_EQ(config_text(loaded.model->config()), config_text(kConfig));
  EXPECT_EQ(loaded.model->image_shape(), kOddShape);
  EXPECT_EQ(loaded.model->class_count(), 10);
  EXPECT_EQ(loaded.normalisation.mean, kNormalisation.mean);
  EXPECT_EQ(loaded.normalisation.stddev, kNormalisation.stddev);
  EXPECT_EQ(loaded.metadata.at("step"), "120");
  EXPECT_FALSE(loaded.model->is_training());
}

TEST_F(Checkpoint, LeavesTheTargetHeadOut) {
  save_model(path_, trained_model(20), kNormalisation);
  for (const auto& [name, tensor] : read_safetensors(path_).tensors) {
    EXPECT_THAT(name, testing::Not(HasSubstr("target_head")));
  }
  EXPECT_EQ(load_model(path_).model->target_width(), 0);
}

TEST_F(Checkpoint, HasAFingerprintOfWeightsAndNormalisationAlone) {
  save_model(path_, trained_model(), kNormalisation);
  const Fingerprint original = load_model(path_).fingerprint;

  save_model(path_, trained_model(20), kNormalisation, {{"step", "120"}});
  EXPECT_EQ(load_model(path_).fingerprint, original);

  Normalisation other = kNormalisation;
  other.stddev[1] = std::nextafter(other.stddev[1], 2.0);
  save_model(path_, trained_model(), other);
  EXPECT_NE(load_model(path_).fingerprint, original);

  for (const char* name : {"layer2.0.conv1.weight", "bn1.running_var", "bn1.num_batches_tracked"}) {
    const Model changed = trained_model();
    state_of(changed).at(name).flatten()[0] += 1;
    save_model(path_, changed, kNormalisation);
    EXPECT_NE(load_model(path_).fingerprint, original) << name;
  }
}

TEST_F(Checkpoint, NamesTheTensorsThatDoNotFit) {
  save_changed([](TensorFile& file) {
    file.tensors.erase("bn1.running_mean");
    file.tensors["fc.scale"] = torch::zeros({1});
    file.tensors["fc.bias"] = torch::zeros({11});
    file.tensors["fc.weight"] = file.tensors["fc.weight"].to(torch::kFloat64);
  });
  EXPECT_THAT(loading(), ThrowsMessage<std::runtime_error>(AllOf(
                             HasSubstr(path_.string()), HasSubstr("missing 'bn1.running_mean'"),
                             HasSubstr("unexpected 'fc.scale'"),
                             HasSubstr("'fc.bias' should be Float [10], is Float [11]"),
                             HasSubstr("'fc.weight' should be Float [10, 16], is Double"))));
}

TEST_F(Checkpoint, IsRefusedWhenAnythingInItIsNotWhatWasWritten) {
  const auto changes = std::vector<std::function<void(TensorFile&)>>{
      [](TensorFile& file) { file.tensors.at("fc.bias")[3] += 1; },
      [](TensorFile& file) { file.tensors.at("bn1.num_batches_tracked") += 1; },
      [](TensorFile& file) { file.metadata.at("tandem.mean") = "0.25 0.5 0.5"; },
      [](TensorFile& file) { file.metadata["trained_on"] = "another split"; }};
  for (const auto& change : changes) {
    save_changed(change);
    EXPECT_THAT(loading(), ThrowsMessage<std::runtime_error>(
                               AllOf(HasSubstr(path_.string()), HasSubstr("damaged"))));
  }
}

TEST_F(Checkpoint, OfTheFormatWithoutAFingerprintIsReadAsItStands) {
  const auto as_format_1 = [](TensorFile& file) {
    file.metadata.at("tandem.format") = "1";
    file.metadata.erase("tandem.content_fingerprint");
  };
  save_changed(as_format_1);
  EXPECT_EQ(load_model(path_).model->class_count(), 10);

  save_changed([](TensorFile& file) { file.metadata.at("tandem.format") = "1"; });
  EXPECT_THAT(loading(), ThrowsMessage<std::runtime_error>(HasSubstr("format '1'")));
  save_changed([](TensorFile& file) { file.metadata.erase("tandem.content_fingerprint"); });
  EXPECT_THAT(loading(),
              ThrowsMessage<std::runtime_error>(HasSubstr("content_fingerprint' is missing")));
}

TEST_F(Checkpoint, ThatNamesAHugeModelIsRefusedBeforeOneIsBuilt) {
  const auto refusal = [&](const std::string& model, const std::string& shape) -> std::string {
    save_changed([&](TensorFile& file) {
      file.metadata.at("tandem.model") = model;
      file.metadata.at("tandem.image_shape") = shape;
    });
    try {
      load_model(path_);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "nothing was refused";
  };
  // 2 TB, 40 PB and 600 TB.
  EXPECT_THAT(refusal("name = 'mlp'\nwidth = 4096", "3 6000 6000"), HasSubstr("hidden1.weight"));
  EXPECT_THAT(refusal("name = 'convnet3'\nwidth = 4096", "3 1000000 1000000"),
              HasSubstr("'fc.weight' should be Float [10, 64000000000000]"));
  EXPECT_THAT(refusal("name = 'resnet-bottleneck-1-1-1-1-1-256'\nwidth = 4096", "3 99 99"),
              HasSubstr("missing 'layer6.0.conv1.weight'"));
  EXPECT_THAT(refusal("name = 'mlp'", "3 4611686018427387904 4"), HasSubstr("at most 1048576"));
}

TEST_F(Checkpoint, IsRefusedWhenTruncated) {
  save_model(path_, trained_model(), kNormalisation);
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 1);
  EXPECT_THAT(loading(), ThrowsMessage<std::runtime_error>(HasSubstr(path_.string())));
}

TEST_F(Checkpoint, IsRefusedWithMetadataThatIsMissingOrMalformed) {
  const auto refusal = [&](const std::string& key, const std::string& text) -> std::string {
    save_changed([&](TensorFile& file) { file.metadata.at(key) = text; });
    try {
      load_model(path_);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "nothing was refused";
  };
  EXPECT_THAT(refusal("tandem.format", "3"), HasSubstr("format '3' is unknown"));
  EXPECT_THAT(refusal("tandem.model", "nmae = 'mlp'"), HasSubstr("did you mean 'name'"));
  EXPECT_THAT(refusal("tandem.model", "name = 'mpl'"), HasSubstr("unknown model 'mpl'"));
  EXPECT_THAT(refusal("tandem.image_shape", "3 16"), HasSubstr("should be 3 numbers"));
  EXPECT_THAT(refusal("tandem.image_shape", "-3 16 16"), HasSubstr(path_.string()));
  EXPECT_THAT(refusal("tandem.classes", "ten"), HasSubstr("'tandem.classes'"));
  EXPECT_THAT(refusal("tandem.mean", "0.5 0.5 0.5x"), HasSubstr("is '0.5 0.5 0.5x'"));
  EXPECT_THAT(refusal("tandem.mean", "0.5 nan 0.5"), HasSubstr("is '0.5 nan 0.5'"));
  EXPECT_THAT(refusal("tandem.stddev", "0.5 0.5"), HasSubstr("'tandem.stddev'"));

  save_changed([](TensorFile& file) { file.metadata.clear(); });
  EXPECT_THAT(loading(), ThrowsMessage<std::runtime_error>(AllOf(
                             HasSubstr(path_.string()), HasSubstr("'tandem.format' is missing"))));
}

TEST_F(Checkpoint, RefusesNotesAndNormalisationsThatDoNotFit) {
  const Model model = trained_model();
  EXPECT_THROW(save_model(path_, model, kNormalisation, {{"tandem.mean", "0"}}),
               std::invalid_argument);
  EXPECT_THROW(save_model(path_, model, {.mean = {0.5}, .stddev = {0.5}}), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST(LoadState, LeavesTheModuleUnchangedWhenItRefuses) {
  Model model = trained_model();
  std::map<std::string, torch::Tensor> zeros, before;
  for (const auto& [name, tensor] : state_of(model)) {
    zeros[name] = torch::zeros_like(tensor);
    before[name] = tensor.clone();
  }
  zeros.erase("fc.bias");
  EXPECT_THROW(load_state(model, zeros, "here"), std::runtime_error);
  for (const auto& [name, tensor] : state_of(model)) {
    EXPECT_TRUE(torch::equal(tensor, before.at(name))) << name;
  }
}

}  // namespace
}  // namespace tandem
