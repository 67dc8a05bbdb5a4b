#include <gtest/gtest.h>

#include <cstdlib>

#include "random_images.h"
#include "run_reference.h"
#include "tandem/model/foreign_resnet.h"
#include "tandem/model/initialise.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

class Torchvision : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("TANDEM_SKIP_PYTHON") != nullptr) {
      GTEST_SKIP() << "TANDEM_SKIP_PYTHON is set";
    }
  }

  TemporaryFolder folder_;
};

void write_case(const std::filesystem::path& folder, const std::string& name,
                const std::string& stem, std::int64_t side) {
  const at::NoGradGuard no_grad;
  const ImageShape shape{.channels = 3, .height = side, .width = side};
  Model model({.name = name, .stem = stem}, shape, {.classes = 10});
  initialise(model, 3);
  // Scale, shift and running statistics that differ from their initial values, so that a mix-up
  // between them shows.
  std::uint64_t seed = 0;
  for (const auto& parameter : model.named_parameters()) {
    if (parameter.value().dim() == 1) {
      const std::int64_t n = parameter.value().numel();
      parameter.value().add_(random_images(1, {1, 1, n}, ++seed).flatten(), 0.2);
    }
  }
  model.forward(random_images(8, shape, 5));
  model.eval();

  const torch::Tensor images = random_images(4, shape, 6);
  const std::string prefix = name + "-" + stem;
  save_model(folder / (prefix + "-weights.safetensors"), model,
             {.mean = {0.5, 0.5, 0.5}, .stddev = {0.25, 0.25, 0.25}});
  write_safetensors(
      folder / (prefix + "-batch.safetensors"),
      {.tensors = {{"images", images}, {"logits", model.forward(images)}}, .metadata = {}});
}

TEST_F(Torchvision, ComputesTheSameFromTandemsCheckpoints) {
  write_case(folder_.path(), "resnet18", "cifar", 32);
  write_case(folder_.path(), "resnet18", "imagenet", 64);
  write_case(folder_.path(), "resnet34", "imagenet", 64);
  write_case(folder_.path(), "resnet50", "cifar", 16);
  write_case(folder_.path(), "resnet50", "imagenet", 64);
  const Outcome outcome = run_reference("check_torchvision_resnet.py", folder_.path());
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  RecordProperty("agreement", outcome.output);
}

TEST_F(Torchvision, HasItsOwnWeightsRecognisedByNamesAndShapesAndComputedAlike) {
  const Outcome outcome = run_reference("write_torchvision_resnets.py", folder_.path());
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  struct Case {
    std::string file;
    std::string name;
    std::string stem;
    std::int64_t classes;
  };
  for (const Case& expected :
       {Case{"resnet34", "resnet34", "imagenet", 7}, Case{"resnet50", "resnet50", "imagenet", 11},
        Case{"grey18", "resnet18", "cifar", 10},
        Case{"half1211", "resnet-bottleneck-1-2-1-1", "imagenet", 5},
        Case{"basic1321", "resnet-basic-1-3-2-1", "imagenet", 5}}) {
    SCOPED_TRACE(expected.file);
    const TensorFile batch =
        read_safetensors(folder_.path() / (expected.file + "-batch.safetensors"));
    const torch::Tensor& images = batch.tensors.at("images");
    const std::vector<double> ones(static_cast<std::size_t>(images.size(1)), 1);
    const TrainedModel found =
        load_foreign_resnet(folder_.path() / (expected.file + ".safetensors"),
                            {images.size(1), images.size(2), images.size(3)}, {ones, ones});
    EXPECT_EQ(found.model->config().name, expected.name);
    EXPECT_EQ(found.model->config().stem, expected.stem);
    EXPECT_EQ(found.model->config().width, 64);
    EXPECT_EQ(found.model->class_count(), expected.classes);

    const at::NoGradGuard no_grad;
    const torch::Tensor& logits = batch.tensors.at("logits");
    const double largest = logits.abs().max().item<double>();
    EXPECT_GT(logits.std(0).max().item<double>(), 0.01 * largest) << "logits hardly vary";
    const double difference = (found.model->forward(images) - logits).abs().max().item<double>();
    EXPECT_LE(difference, 1e-4 * largest);
    RecordProperty(expected.file, std::to_string(difference / largest));
  }
}

}  // namespace
}  // namespace tandem
