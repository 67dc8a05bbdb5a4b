#pragma once

#include <string>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/dataset/load_options.h"

namespace tandem {

// From a known data set's own files to a split of it; `options.folder` says where they are.

/// Four idx files, gzipped or not, under MNIST's names.
Dataset read_mnist_files(std::string name, Split split, const LoadOptions& options,
                         std::vector<std::string> class_names);
Dataset read_cifar10_files(std::string name, Split split, const LoadOptions& options);
Dataset read_cifar100_files(std::string name, Split split, const LoadOptions& options);
Dataset read_svhn_files(std::string name, Split split, const LoadOptions& options);

/// Fashion-MNIST's garments in threes: 1000 classes.
Dataset read_stacked_fashion_mnist(Split split, const LoadOptions& options);

}  // namespace tandem
