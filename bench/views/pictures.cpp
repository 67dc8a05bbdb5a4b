#include "pictures.h"

#include <ATen/ops/upsample_bilinear2d.h>
#include <torch/types.h>

#include <algorithm>

#include "tandem/core/key.h"

namespace tandem::bench {
namespace {

/// fp32, uniform in -1..1, two of each random word.
torch::Tensor noise(std::int64_t count, std::int64_t height, std::int64_t width,
                    RandomStream& random) {
  torch::Tensor values = torch::empty({count, 3, height, width});
  float* value = values.data_ptr<float>();
  for (std::int64_t k = 0; k < values.numel(); k += 2) {
    const std::uint32_t word = random.next_u32();
    value[k] = static_cast<float>(word & 0xFFFF) / 32768.0f - 1;
    if (k + 1 < values.numel()) {
      value[k + 1] = static_cast<float>(word >> 16) / 32768.0f - 1;
    }
  }
  return values;
}

}  // namespace

Dataset made_up_pictures(std::int64_t count, std::int64_t height, std::int64_t width,
                         std::uint64_t seed) {
  RandomStream random({seed, Stream::kInit, 0, 0});
  torch::Tensor sum = 50 * noise(count, 1, 1, random);
  double amplitude = 50;
  // Photographs hold about as much in each octave; JPEGs of these are about as large as theirs.
  for (std::int64_t cell = std::max(height, width) / 2; cell >= 1; cell /= 2, amplitude *= 0.85) {
    const torch::Tensor coarse =
        noise(count, height / cell + 1, width / cell + 1, random) * amplitude;
    sum = sum + at::upsample_bilinear2d(coarse, {height, width}, /*align_corners=*/false);
  }
  const torch::Tensor pixels = (sum + 120).clamp(0, 255).to(torch::kUInt8);
  return Dataset("made-up pictures", pixels, torch::arange(count).remainder(10),
                 {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
}

}  // namespace tandem::bench
