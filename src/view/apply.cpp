#include "tandem/view/apply.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <stdexcept>

#include "pixels/renderer.h"
#include "render_views.h"

namespace tandem {
namespace {

constexpr std::size_t kAhead = 2;               ///< views
constexpr std::int64_t kPrefetched = 16 << 10;  ///< bytes of a sample; larger ones stream well

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

/// Samples come in no order that the processor could guess, so they are asked for ahead of their
/// use; into the second cache, for the first can wait for few lines at a time.
void prefetch(const Dataset& dataset, std::int64_t index, std::int64_t size) {
  constexpr std::int64_t kCacheLine = 64;
  const std::uint8_t* sample = dataset.pixels(index);
  for (std::int64_t byte = 0; byte < size; byte += kCacheLine) {
    __builtin_prefetch(sample + byte, /*write=*/0, /*second cache=*/2);
  }
}

}  // namespace

void render_views(const Dataset& dataset, std::span<const std::int64_t> indices,
                  std::span<const View> views, std::uint8_t* pixels, const PixelMap* map,
                  float* images) {
  check_views(dataset, indices, views);
  const auto [channels, height, width] = dataset.image_shape();
  const std::int64_t area = height * width, size = channels * area;
  dataset.will_read(indices);
  Renderer renderer(dataset);
  for (std::size_t k = 0; k < indices.size(); ++k, pixels += size) {
    if (size <= kPrefetched && k + kAhead < indices.size()) {
      prefetch(dataset, indices[k + kAhead], size);
    }
    renderer.render(indices[k], views[k], pixels);
    if (map != nullptr) {
      map->apply(pixels, area, images);
      images += size;
    }
  }
}

torch::Tensor apply_views(const Dataset& dataset, std::span<const std::int64_t> indices,
                          std::span<const View> views) {
  const auto [channels, height, width] = dataset.image_shape();
  torch::Tensor pixels =
      torch::empty({std::ssize(indices), channels, height, width}, torch::kUInt8);
  render_views(dataset, indices, views, pixels.data_ptr<std::uint8_t>());
  return pixels;
}

}  // namespace tandem
