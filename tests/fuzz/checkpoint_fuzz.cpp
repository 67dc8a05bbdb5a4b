// The reader of checkpoints, into a small learner of either optimiser.

#include <memory>

#include "sealed_copy.h"
#include "tandem/learn/checkpoint.h"
#include "tandem/model/initialise.h"

namespace tandem {
namespace {

Learner make_learner(const std::string& optimizer) {
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

}  // namespace

void read_input(std::string_view bytes) {
  for (const char* optimizer : {"sgd", "adamw"}) {
    Learner learner = make_learner(optimizer);
    read_as_it_is_and_sealed(
        bytes, [&](const std::filesystem::path& path) { load_checkpoint(path, learner); });
  }
}

void write_seeds(const std::filesystem::path& folder) {
  for (const char* optimizer : {"sgd", "adamw"}) {
    Learner learner = make_learner(optimizer);
    Batch batch;
    batch.images = torch::zeros({2, 1, 2, 2});
    batch.labels = torch::tensor({0, 1}, torch::kInt64);
    learner.step(batch, {.content = Content::kOneHot, .values = torch::eye(2)}, 0.1);
    FitState state;
    state.step = 1;
    state.evaluations.resize(2);
    state.switches.steps = {1};
    state.switches.averages = LossAverages{.fast = 1, .slow = 2};
    save_checkpoint(folder / optimizer, learner, state);
  }
}

}  // namespace tandem
