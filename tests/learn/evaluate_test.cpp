#include "tandem/learn/evaluate.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tandem/model/initialise.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

TEST(Evaluate, CountsEverySampleOnceWhateverTheBatchSize) {
  const Dataset dataset = toy_dataset(131);  // no multiple of any round batch size
  const Normalisation normalisation = Normalisation::of(dataset);
  Model model({.name = "mlp", .width = 8}, dataset.image_shape(), {.classes = 4});
  initialise(model, 2);
  const Metrics metrics = evaluate(model, dataset, normalisation);
  model.eval();
  const at::NoGradGuard no_grad;
  const torch::Tensor logits = model.forward(normalise(dataset.images(), normalisation));
  const double correct = logits.argmax(1).eq(dataset.labels()).sum().item<double>();
  EXPECT_DOUBLE_EQ(metrics.top1_pct, 100 * correct / static_cast<double>(dataset.size()));
  EXPECT_NEAR(metrics.loss, torch::cross_entropy_loss(logits, dataset.labels()).item<double>(),
              1e-5);
}

TEST(Evaluate, LeavesTheModelAsItWas) {
  const Dataset dataset = toy_dataset(10);
  Model model({.name = "convnet3", .width = 4}, dataset.image_shape(), {.classes = 4});
  initialise(model, 2);
  for (const bool training : {true, false}) {
    model.train(training);
    const torch::Tensor mean = model.named_buffers()["norm1.running_mean"].clone();
    evaluate(model, dataset, Normalisation::of(dataset));
    EXPECT_EQ(model.is_training(), training);
    EXPECT_TRUE(torch::equal(mean, model.named_buffers()["norm1.running_mean"]));
  }
}

}  // namespace
}  // namespace tandem
