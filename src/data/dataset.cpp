#include "tandem/data/dataset.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <array>
#include <cmath>
#include <span>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tandem {
namespace {

std::string describe(const torch::Tensor& tensor) {
  if (!tensor.defined()) {
    return "an undefined tensor";
  }
  std::ostringstream text;
  text << c10::toString(tensor.scalar_type()) << " " << tensor.sizes() << " on " << tensor.device()
       << (tensor.is_contiguous() ? "" : ", not contiguous");
  return text.str();
}

void check_tensor(const std::string& name, const char* what, const torch::Tensor& tensor,
                  torch::Dtype dtype, std::int64_t dimensions) {
  const bool fits = tensor.defined() && tensor.scalar_type() == dtype &&
                    tensor.dim() == dimensions && tensor.device().is_cpu() &&
                    tensor.is_contiguous() && tensor.numel() > 0;
  if (!fits) {
    throw std::invalid_argument(fmt::format(
        "{}: expected {} as a contiguous {} CPU tensor with {} dimension(s), none empty; found {}",
        name, what, c10::toString(dtype), dimensions, describe(tensor)));
  }
}

std::span<const std::byte> bytes_of(const torch::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

}  // namespace

Dataset::Dataset(std::string name, torch::Tensor images, torch::Tensor labels,
                 std::vector<std::string> class_names)
    : name_(std::move(name)),
      images_(std::move(images)),
      labels_(std::move(labels)),
      class_names_(std::move(class_names)) {
  check_tensor(name_, "images", images_, torch::kUInt8, 4);
  check_tensor(name_, "labels", labels_, torch::kInt64, 1);
  if (images_.size(0) != labels_.size(0)) {
    throw std::invalid_argument(
        fmt::format("{}: expected one label per image, found {} images and "
                    "{} labels",
                    name_, images_.size(0), labels_.size(0)));
  }
  const std::span labels_seen(labels_.data_ptr<std::int64_t>(), labels_.numel());
  for (std::size_t row = 0; row < labels_seen.size(); ++row) {
    if (labels_seen[row] < 0 || labels_seen[row] >= class_count()) {
      throw std::invalid_argument(fmt::format("{}: expected labels in 0..{}, found {} at sample {}",
                                              name_, class_count() - 1, labels_seen[row], row));
    }
  }

  Fingerprinter fingerprinter;
  for (const std::int64_t size : images_.sizes()) {
    fingerprinter.number(size);
  }
  fingerprinter.bytes(bytes_of(images_)).bytes(bytes_of(labels_)).number(class_count());
  for (const std::string& class_name : class_names_) {
    fingerprinter.text(class_name);
  }
  fingerprint_ = fingerprinter.digest();
}

std::int64_t Dataset::size() const {
  return images_.size(0);
}

ImageShape Dataset::image_shape() const {
  return {images_.size(1), images_.size(2), images_.size(3)};
}

Dataset::ChannelStatistics Dataset::channel_statistics() const {
  const auto [channels, height, width] = image_shape();
  const std::int64_t area = height * width;
  // Counting pixel values is exact, whatever the number of pixels.
  std::vector<std::array<std::int64_t, 256>> counts(channels, std::array<std::int64_t, 256>{});
  const std::uint8_t* pixel = images_.data_ptr<std::uint8_t>();
  for (std::int64_t plane = 0; plane < size() * channels; ++plane) {
    auto& count = counts[plane % channels];
    for (const std::uint8_t* end = pixel + area; pixel != end; ++pixel) {
      ++count[*pixel];
    }
  }

  const double total = static_cast<double>(size() * area);
  ChannelStatistics statistics;
  for (const auto& count : counts) {
    double mean = 0;
    for (int value = 0; value < 256; ++value) {
      mean += value / 255.0 * (count[value] / total);
    }
    double variance = 0;
    for (int value = 0; value < 256; ++value) {
      const double distance = value / 255.0 - mean;
      variance += distance * distance * (count[value] / total);
    }
    statistics.mean.push_back(mean);
    statistics.stddev.push_back(std::sqrt(variance));
  }
  return statistics;
}

Dataset select(const Dataset& dataset, const std::vector<std::int64_t>& indices) {
  for (const std::int64_t index : indices) {
    if (index < 0 || index >= dataset.size()) {
      throw std::invalid_argument(fmt::format("{}: expected indices in 0..{}, found {}",
                                              dataset.name(), dataset.size() - 1, index));
    }
  }
  const torch::Tensor rows = torch::tensor(indices, torch::kInt64);
  return Dataset(dataset.name(), dataset.images().index_select(0, rows),
                 dataset.labels().index_select(0, rows), dataset.class_names());
}

}  // namespace tandem
