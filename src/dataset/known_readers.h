#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "tandem/dataset/catalog.h"

namespace tandem {

/// The files are there but cannot be used: to say how to get them would not help.
class FoundFilesError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// From the files of a known data set to a split of it; `options.folder` says where they are.

/// Four idx files, gzipped or not, under MNIST's names.
Dataset read_mnist_files(std::string name, Split split, const LoadOptions& options,
                         std::vector<std::string> class_names);
Dataset read_cifar10_files(std::string name, Split split, const LoadOptions& options);
Dataset read_cifar100_files(std::string name, Split split, const LoadOptions& options);
Dataset read_svhn_files(std::string name, Split split, const LoadOptions& options);

// Pictures; `options.size` is positive.
Dataset read_image_folder(std::string name, Split split, const LoadOptions& options);
Dataset read_tiny_imagenet_files(std::string name, Split split, const LoadOptions& options);
Dataset read_imagenette_files(std::string name, Split split, const LoadOptions& options);

/// Fashion-MNIST's garments in threes: 1000 classes.
Dataset read_stacked_fashion_mnist(Split split, const LoadOptions& options);

}  // namespace tandem
