#include "tandem/view/apply.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <stdexcept>

#include "renderer.h"

namespace tandem {
namespace {

void check_index(const Dataset& dataset, std::int64_t index) {
  if (index < 0 || index >= dataset.size()) {
    throw std::invalid_argument(
        fmt::format("apply_views: expected indices in 0..{}, found {}", dataset.size() - 1, index));
  }
}

void check_crop(const View& view, std::size_t place) {
  if (view.crop.width < 1 || view.crop.height < 1) {
    throw std::invalid_argument(
        fmt::format("apply_views: expected crops of at least one pixel, found {} x {} at view {}",
                    view.crop.width, view.crop.height, place));
  }
}

void check_views(const Dataset& dataset, std::span<const std::int64_t> indices,
                 std::span<const View> views) {
  if (indices.size() != views.size()) {
    throw std::invalid_argument(
        fmt::format("apply_views: expected as many views as indices, found {} and {}", views.size(),
                    indices.size()));
  }
  for (std::size_t k = 0; k < indices.size(); ++k) {
    check_index(dataset, indices[k]);
    check_crop(views[k], k);
    if (const auto& mixture = views[k].mixture) {
      check_index(dataset, mixture->partner);
      check_crop(mixture->view, k);
    }
  }
}

}  // namespace

torch::Tensor apply_views(const Dataset& dataset, std::span<const std::int64_t> indices,
                          std::span<const View> views) {
  check_views(dataset, indices, views);
  const auto [channels, height, width] = dataset.image_shape();
  torch::Tensor pixels =
      torch::empty({std::ssize(indices), channels, height, width}, torch::kUInt8);
  std::uint8_t* output = pixels.data_ptr<std::uint8_t>();
  Renderer renderer(dataset);
  for (std::size_t k = 0; k < indices.size(); ++k, output += channels * height * width) {
    renderer.render(indices[k], views[k], output);
  }
  return pixels;
}

}  // namespace tandem
