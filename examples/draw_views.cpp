// Draws augmented views of a data set of one's own, and one of them again from its key alone.
// Prints: sample 36 was drawn again bit for bit
#include <iostream>

#include <tandem/view/batch_source.h>

int main() {
  const torch::Tensor images =
      torch::arange(100 * 3 * 32 * 32).remainder(251).to(torch::kUInt8).reshape({100, 3, 32, 32});
  const torch::Tensor labels = torch::arange(100).remainder(2);
  const tandem::Dataset dataset("stripes", images, labels, {"even", "odd"});
  const auto policy = tandem::ViewPolicy::parse("pad-crop:4,flip,color-jitter:0.4-0.4-0.4-0.1");

  tandem::BatchSource batches(dataset, policy, tandem::Normalisation::of(dataset),
                              {.size = 8, .order_seed = 1, .view_seed = 2});
  const tandem::Batch batch = batches.batch(/*step=*/3);
  for (const tandem::View& view : batch.views) {
    std::cout << "crop at " << view.crop.left << ", " << view.crop.top
              << (view.flip ? ", flip\n" : "\n");
  }

  const tandem::View again = policy.draw(batch.view_keys[0], dataset);
  const torch::Tensor pixels =
      tandem::make_batch(dataset, policy, batches.normalisation(), {batch.view_keys[0]}).pixels;
  const bool same = again == batch.views[0] && torch::equal(pixels[0], batch.pixels[0]);
  std::cout << "sample " << batch.indices[0] << " was drawn again "
            << (same ? "bit for bit\n" : "otherwise\n");
}
