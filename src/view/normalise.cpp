#include <fmt/format.h>
#include <torch/types.h>

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tandem/view/apply.h"

namespace tandem {
namespace {

/// All 256 values a channel can take, so that every pixel costs one look-up.
using ChannelTable = std::array<float, 256>;

std::vector<ChannelTable> channel_tables(const Normalisation& normalisation,
                                         std::int64_t channels) {
  const auto [mean, stddev] = normalisation;
  if (std::ssize(mean) != channels || std::ssize(stddev) != channels) {
    throw std::invalid_argument(
        fmt::format("normalise: expected mean and stddev of {} channel(s), found {} and {}",
                    channels, mean.size(), stddev.size()));
  }
  std::vector<ChannelTable> tables(channels);
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    if (!(stddev[channel] > 0)) {
      throw std::invalid_argument(
          fmt::format("normalise: expected a positive stddev, found {} in channel {}",
                      stddev[channel], channel));
    }
    for (int value = 0; value < 256; ++value) {
      tables[channel][value] =
          static_cast<float>((value / 255.0 - mean[channel]) / stddev[channel]);
    }
  }
  return tables;
}

/// Eight pixels a load, which halves the time of the plain loop.
void look_up(const ChannelTable& table, const std::uint8_t* pixels, std::int64_t count,
             float* values) {
  static_assert(std::endian::native == std::endian::little);
  for (; count >= 8; count -= 8, pixels += 8, values += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, pixels, 8);
    for (int byte = 0; byte < 8; ++byte) {
      values[byte] = table[word >> (8 * byte) & 255];
    }
  }
  for (; count > 0; --count) {
    *values++ = table[*pixels++];
  }
}

}  // namespace

Normalisation Normalisation::of(const Dataset& dataset) {
  auto statistics = dataset.channel_statistics();
  return {std::move(statistics.mean), std::move(statistics.stddev)};
}

torch::Tensor normalise(const torch::Tensor& pixels, const Normalisation& normalisation) {
  if (!pixels.defined() || pixels.scalar_type() != torch::kUInt8 || pixels.dim() != 4 ||
      !pixels.is_contiguous() || !pixels.device().is_cpu()) {
    throw std::invalid_argument(
        "normalise: expected contiguous uint8 pixels [n, channels, height, width] on the CPU");
  }
  const auto tables = channel_tables(normalisation, pixels.size(1));
  torch::Tensor images = torch::empty(pixels.sizes(), torch::kFloat32);
  const std::int64_t area = pixels.size(2) * pixels.size(3);
  const std::uint8_t* pixel = pixels.data_ptr<std::uint8_t>();
  float* image = images.data_ptr<float>();
  for (std::int64_t sample = 0; sample < pixels.size(0); ++sample) {
    for (const ChannelTable& table : tables) {
      look_up(table, pixel, area, image);
      pixel += area;
      image += area;
    }
  }
  return images;
}

}  // namespace tandem
