#include "tandem/dataset/dataset.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <span>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "tandem/core/mapped_file.h"
#include "tandem/core/tensor_bytes.h"

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

/// Adds what is fingerprinted alike of images in memory and in files.
Fingerprint finish(Fingerprinter& fingerprinter, const torch::Tensor& labels,
                   const std::vector<std::string>& class_names) {
  fingerprinter.bytes(bytes_of(labels)).number(static_cast<std::int64_t>(class_names.size()));
  for (const std::string& class_name : class_names) {
    fingerprinter.text(class_name);
  }
  return fingerprinter.digest();
}

}  // namespace

Dataset::Dataset(std::string name, torch::Tensor images, torch::Tensor labels,
                 std::vector<std::string> class_names)
    : name_(std::move(name)),
      images_(std::move(images)),
      labels_(std::move(labels)),
      class_names_(std::move(class_names)) {
  check_tensor(name_, "images", images_, torch::kUInt8, 4);
  check_labels();
  if (images_.size(0) != labels_.size(0)) {
    throw std::invalid_argument(
        fmt::format("{}: expected one label per image, found {} images and "
                    "{} labels",
                    name_, images_.size(0), labels_.size(0)));
  }
  shape_ = {images_.size(1), images_.size(2), images_.size(3)};
  image_bytes_ = shape_.channels * shape_.height * shape_.width;
  first_pixel_ = images_.data_ptr<std::uint8_t>();

  Fingerprinter fingerprinter;
  for (const std::int64_t size : images_.sizes()) {
    fingerprinter.number(size);
  }
  fingerprinter.bytes(bytes_of(images_));
  fingerprint_ = finish(fingerprinter, labels_, class_names_);
}

Dataset::Dataset(std::string name, MappedImages images, torch::Tensor rows, torch::Tensor labels,
                 std::vector<std::string> class_names)
    : name_(std::move(name)),
      images_(images.pixels),
      mapped_(std::move(images)),
      rows_tensor_(std::move(rows)),
      labels_(std::move(labels)),
      class_names_(std::move(class_names)) {
  check_tensor(name_, "images", images_, torch::kUInt8, 4);
  check_tensor(name_, "fingerprints of images", mapped_.fingerprints, torch::kInt64, 2);
  check_tensor(name_, "sums of images", mapped_.sums, torch::kInt64, 3);
  check_tensor(name_, "rows", rows_tensor_, torch::kInt64, 1);
  check_labels();
  const std::int64_t count = images_.size(0);
  shape_ = {images_.size(1), images_.size(2), images_.size(3)};
  if (mapped_.fingerprints.sizes() != torch::IntArrayRef({count, 2}) ||
      mapped_.sums.sizes() != torch::IntArrayRef({count, shape_.channels, 2}) ||
      rows_tensor_.size(0) != labels_.size(0)) {
    throw std::invalid_argument(
        fmt::format("{}: expected fingerprints and sums of {} images, and as many rows as labels",
                    name_, count));
  }
  image_bytes_ = shape_.channels * shape_.height * shape_.width;
  first_pixel_ = images_.data_ptr<std::uint8_t>();
  rows_ = rows_tensor_.data_ptr<std::int64_t>();

  Fingerprinter fingerprinter;
  fingerprinter.text("images by their fingerprints");
  for (const std::int64_t size : {this->size(), shape_.channels, shape_.height, shape_.width}) {
    fingerprinter.number(size);
  }
  const std::int64_t* words = mapped_.fingerprints.data_ptr<std::int64_t>();
  for (std::int64_t index = 0; index < size(); ++index) {
    if (rows_[index] < 0 || rows_[index] >= count) {
      throw std::invalid_argument(fmt::format("{}: expected rows in 0..{}, found {} at sample {}",
                                              name_, count - 1, rows_[index], index));
    }
    fingerprinter.number(words[2 * rows_[index]]).number(words[2 * rows_[index] + 1]);
  }
  fingerprint_ = finish(fingerprinter, labels_, class_names_);
}

void Dataset::check_labels() const {
  check_tensor(name_, "labels", labels_, torch::kInt64, 1);
  const std::span labels_seen(labels_.data_ptr<std::int64_t>(), labels_.numel());
  for (std::size_t row = 0; row < labels_seen.size(); ++row) {
    if (labels_seen[row] < 0 || labels_seen[row] >= class_count()) {
      throw std::invalid_argument(fmt::format("{}: expected labels in 0..{}, found {} at sample {}",
                                              name_, class_count() - 1, labels_seen[row], row));
    }
  }
}

void Dataset::will_read(std::span<const std::int64_t> indices) const {
  if (mapped_.read_ahead) {
    for (const std::int64_t index : indices) {
      will_read_soon(
          std::as_bytes(std::span(pixels(index), static_cast<std::size_t>(image_bytes_))));
    }
  }
}

torch::Tensor Dataset::images(std::int64_t first, std::int64_t count) const {
  if (first < 0 || count < 0 || count > size() - first) {
    throw std::invalid_argument(fmt::format("{}: expected samples of 0..{}, asked for {} from {}",
                                            name_, size() - 1, count, first));
  }
  if (!is_mapped()) {
    return images_.narrow(0, first, count);
  }
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), first);
  will_read(indices);
  torch::Tensor copy =
      torch::empty({count, shape_.channels, shape_.height, shape_.width}, torch::kUInt8);
  std::uint8_t* target = copy.data_ptr<std::uint8_t>();
  for (std::int64_t index = first; index < first + count; ++index, target += image_bytes_) {
    std::memcpy(target, pixels(index), static_cast<std::size_t>(image_bytes_));
  }
  return copy;
}

Dataset::ChannelStatistics Dataset::channel_statistics() const {
  if (is_mapped()) {
    return statistics_of_sums();
  }
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

Dataset::ChannelStatistics Dataset::statistics_of_sums() const {
  const auto area = static_cast<double>(shape_.height * shape_.width);
  const double total = static_cast<double>(size()) * area;
  const std::int64_t* sums = mapped_.sums.data_ptr<std::int64_t>();
  ChannelStatistics statistics;
  for (std::int64_t channel = 0; channel < shape_.channels; ++channel) {
    std::int64_t sum = 0, squares = 0;  // exact: 2^63 is enough for 10^14 pixels
    for (std::int64_t index = 0; index < size(); ++index) {
      const std::int64_t* of_image = sums + 2 * (rows_[index] * shape_.channels + channel);
      sum += of_image[0];
      squares += of_image[1];
    }
    const double mean = static_cast<double>(sum) / total;
    const double variance = static_cast<double>(squares) / total - mean * mean;
    statistics.mean.push_back(mean / 255);
    statistics.stddev.push_back(std::sqrt(std::max(variance, 0.0)) / 255);
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
  const torch::Tensor labels = dataset.labels().index_select(0, rows);
  if (dataset.is_mapped()) {
    return Dataset(dataset.name(), dataset.mapped_, dataset.rows_tensor_.index_select(0, rows),
                   labels, dataset.class_names());
  }
  return Dataset(dataset.name(), dataset.images_.index_select(0, rows), labels,
                 dataset.class_names());
}

}  // namespace tandem
