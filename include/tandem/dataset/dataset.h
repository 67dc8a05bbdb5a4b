#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
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

/// Images in a mapped file with what was found out about each when the file was made, so that
/// opening it, or a part of it, reads no pixel. The tensors keep the file mapped.
struct MappedImages {
  torch::Tensor pixels;  ///< uint8 [n, channels, height, width]
  torch::Tensor
      fingerprints;    ///< int64 [n, 2]: XXH3 of each image's pixels, high word and low word
  torch::Tensor sums;  ///< int64 [n, channels, 2]: of the channel's pixels, and of their squares
  /// Whether to tell the system which images are read next, as larger files want it.
  bool read_ahead = false;
};

/// Immutable indexed images with their class ids. Copies share the pixels. Those in memory stand
/// one after the other; those of a mapped file stay where they are, also where a part of them was
/// selected, and are read when they are used.
class Dataset {
 public:
  /// `images` is uint8 [n, channels, height, width], `labels` int64 [n] in 0..classes-1; both
  /// contiguous on the CPU and not empty. Throws std::invalid_argument that starts with `name`
  /// otherwise.
  Dataset(std::string name, torch::Tensor images, torch::Tensor labels,
          std::vector<std::string> class_names);

  /// Sample i is image `rows[i]` of a mapped file (any order, repeats allowed) with class
  /// `labels[i]`; both int64 [n]. Throws std::invalid_argument as above.
  Dataset(std::string name, MappedImages images, torch::Tensor rows, torch::Tensor labels,
          std::vector<std::string> class_names);

  std::int64_t size() const { return labels_.size(0); }
  ImageShape image_shape() const { return shape_; }
  std::int64_t class_count() const { return static_cast<std::int64_t>(class_names_.size()); }

  const std::string& name() const { return name_; }
  const torch::Tensor& labels() const { return labels_; }
  const std::vector<std::string>& class_names() const { return class_names_; }

  /// The pixels of sample `index`, which must be in 0..size-1; valid as long as this data set.
  const std::uint8_t* pixels(std::int64_t index) const {
    return first_pixel_ + (rows_ == nullptr ? index : rows_[index]) * image_bytes_;
  }

  /// Says that the pixels of these samples are read next: those of a large mapped file begin to be
  /// fetched, all at once and without what lies between them.
  void will_read(std::span<const std::int64_t> indices) const;

  /// Samples first..first+count-1, uint8 [count, channels, height, width]: a view where they stand
  /// one after the other in memory, else a copy.
  torch::Tensor images(std::int64_t first, std::int64_t count) const;

  /// All samples. Of a mapped file that is a copy, which may be larger than memory: use pixels() or
  /// parts where such a data set may come.
  torch::Tensor images() const { return images(0, size()); }

  /// Whether the pixels are in a mapped file, and not in memory.
  bool is_mapped() const { return rows_ != nullptr; }

  /// Of pixels, shape, labels and class names: of the pixels themselves in memory, of each image's
  /// fingerprint in a mapped file.
  const Fingerprint& fingerprint() const { return fingerprint_; }

  /// Mean and standard deviation of each channel over all pixels, in units of 0..1.
  struct ChannelStatistics {
    std::vector<double> mean;
    std::vector<double> stddev;
  };
  ChannelStatistics channel_statistics() const;

 private:
  friend Dataset select(const Dataset& dataset, const std::vector<std::int64_t>& indices);

  void check_labels() const;
  ChannelStatistics statistics_of_sums() const;

  std::string name_;
  torch::Tensor images_;       ///< as given; of a mapped file all of it
  MappedImages mapped_;        ///< undefined in memory
  torch::Tensor rows_tensor_;  ///< undefined in memory
  torch::Tensor labels_;
  std::vector<std::string> class_names_;
  ImageShape shape_;
  std::int64_t image_bytes_ = 0;
  const std::uint8_t* first_pixel_ = nullptr;  ///< of images_
  const std::int64_t* rows_ = nullptr;         ///< of rows_tensor_
  Fingerprint fingerprint_;
};

/// The samples at `indices` (any order, repeats allowed), as a data set of their own. Pixels in
/// memory are copied, those of a mapped file are not.
/// Throws std::invalid_argument for an index outside 0..size-1 and for no index at all.
Dataset select(const Dataset& dataset, const std::vector<std::int64_t>& indices);

}  // namespace tandem
