#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/core/fingerprint.h"

namespace tandem {

/// Channels, rows and columns of one image.
struct ImageShape {
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  friend bool operator==(const ImageShape&, const ImageShape&) = default;
};

/// Immutable indexed images with their class ids. Copies share the pixels.
class Dataset {
 public:
  /// `images` is uint8 [n, channels, height, width], `labels` int64 [n] in 0..classes-1; both
  /// contiguous on the CPU and not empty. Throws std::invalid_argument that starts with `name`
  /// otherwise.
  Dataset(std::string name, torch::Tensor images, torch::Tensor labels,
          std::vector<std::string> class_names);

  std::int64_t size() const;
  ImageShape image_shape() const;
  std::int64_t class_count() const { return static_cast<std::int64_t>(class_names_.size()); }

  const std::string& name() const { return name_; }
  const torch::Tensor& images() const { return images_; }
  const torch::Tensor& labels() const { return labels_; }
  const std::vector<std::string>& class_names() const { return class_names_; }

  /// Of pixels, shape, labels and class names.
  const Fingerprint& fingerprint() const { return fingerprint_; }

  /// Mean and standard deviation of each channel over all pixels, in units of 0..1.
  struct ChannelStatistics {
    std::vector<double> mean;
    std::vector<double> stddev;
  };
  ChannelStatistics channel_statistics() const;

 private:
  std::string name_;
  torch::Tensor images_;
  torch::Tensor labels_;
  std::vector<std::string> class_names_;
  Fingerprint fingerprint_;
};

/// The samples at `indices` (any order, repeats allowed), as a data set of their own.
/// Throws std::invalid_argument for an index outside 0..size-1 and for no index at all.
Dataset select(const Dataset& dataset, const std::vector<std::int64_t>& indices);

}  // namespace tandem
