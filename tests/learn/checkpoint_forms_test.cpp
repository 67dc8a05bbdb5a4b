// Each tensor of a checkpoint is what it should be, or the file is refused, whatever its
// fingerprint.

#include "tandem/learn/checkpoint.h"

#include <gtest/gtest.h>

#include <memory>

#include "expect_refusal.h"
#include "tandem/core/fingerprinted_file.h"
#include "tandem/core/safetensors.h"
#include "tandem/model/initialise.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

Learner small_learner(const std::string& optimizer) {
  ModelConfig config;
  config.name = "mlp";
  config.width = 2;
  const auto model =
      std::make_shared<Model>(config, ImageShape{1, 2, 2}, HeadWidths{.classes = 2, .target = 2});
  initialise(*model, 0);
  TrainConfig train;
  train.optimizer = optimizer;
  return Learner(model, Loss(LossConfig{}, Content::kOneHot), train);
}

/// A learner's checkpoint after one step.
TensorFile checkpoint_of(const std::string& optimizer, const std::filesystem::path& path) {
  Learner learner = small_learner(optimizer);
  Batch batch;
  batch.images = torch::zeros({2, 1, 2, 2});
  batch.labels = torch::tensor({0, 1}, torch::kInt64);
  learner.step(batch, {.content = Content::kOneHot, .values = torch::eye(2)}, 0.1);
  FitState state;
  state.step = 1;
  state.evaluations.resize(3);
  save_checkpoint(path, learner, state);
  return read_safetensors(path);
}

TEST(LoadCheckpoint, RefusesEachTensorThatIsMissingOrOfAnotherForm) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "checkpoint";
  for (const std::string optimizer : {"sgd", "adamw"}) {
    const TensorFile whole = checkpoint_of(optimizer, path);
    Learner learner = small_learner(optimizer);
    EXPECT_EQ(load_checkpoint(path, learner)->evaluations.size(), 3u);
    for (const auto& [name, tensor] : whole.tensors) {
      for (const torch::Tensor& other : {tensor.unsqueeze(0), tensor.flatten().slice(0, 0, 0),
                                         tensor.to(torch::kInt16), torch::Tensor()}) {
        TensorFile changed = whole;
        if (other.defined()) {
          changed.tensors[name] = other;
        } else {
          changed.tensors.erase(name);
        }
        // Steps may be one number in any shape; no switches are as good as others.
        const bool same_number = tensor.dim() == 0 && other.defined() && other.numel() == 1 &&
                                 other.scalar_type() == torch::kInt64;
        const bool no_switches = other.defined() && other.numel() == 0 && tensor.numel() == 0;
        if (same_number || no_switches) {
          continue;
        }
        write_fingerprinted(path, changed);
        // The momentum of a parameter that has none is made anew.
        if (!other.defined() && name.ends_with(".momentum")) {
          EXPECT_NO_THROW(load_checkpoint(path, learner)) << name;
        } else {
          SCOPED_TRACE(name);
          expect_refusal([&] { load_checkpoint(path, learner); }, {path.string()});
        }
      }
    }
  }
}

}  // namespace
}  // namespace tandem
