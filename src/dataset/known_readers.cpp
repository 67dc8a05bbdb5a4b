#include "known_readers.h"

#include <fmt/format.h>

#include <stdexcept>

#include "cifar.h"
#include "idx.h"
#include "known_class_names.h"
#include "other_layouts.h"
#include "stacked.h"
#include "svhn.h"
#include "tandem/dataset/original_files.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// Where torchvision puts idx files.
const OtherLayouts kOtherIdx{.inner_folders = {"raw", "MNIST/raw", "FashionMNIST/raw"}};
const OtherLayouts kOtherCifar10{.inner_folders = {"cifar-10-batches-bin"},
                                 .pickled_folder = "cifar-10-batches-py",
                                 .pickled_file = "data_batch_1"};
const OtherLayouts kOtherCifar100{.inner_folders = {"cifar-100-binary"},
                                  .pickled_folder = "cifar-100-python",
                                  .pickled_file = "train"};

fs::path path_of_idx(const std::string& name, const fs::path& folder, const std::string& file) {
  refuse_other_layouts(name, folder, file, kOtherIdx);
  const std::string found = find_original(folder, file);
  if (found.empty()) {
    throw std::runtime_error(fmt::format("{}: expected this file or {}.gz, found neither",
                                         (folder / file).string(), file));
  }
  return folder / found;
}

}  // namespace

Dataset read_mnist_files(std::string name, Split split, const LoadOptions& options,
                         std::vector<std::string> class_names) {
  const std::string stem = split == Split::kTrain ? "train" : "t10k";
  const fs::path images = path_of_idx(name, options.folder, stem + "-images-idx3-ubyte");
  const fs::path labels = path_of_idx(name, options.folder, stem + "-labels-idx1-ubyte");
  return read_idx_dataset(std::move(name), images, labels, std::move(class_names));
}

Dataset read_cifar10_files(std::string name, Split split, const LoadOptions& options) {
  refuse_other_layouts("cifar10", options.folder, "data_batch_1.bin", kOtherCifar10);
  std::vector<fs::path> batches;
  if (split == Split::kTrain) {
    for (int batch = 1; batch <= 5; ++batch) {
      batches.push_back(options.folder / fmt::format("data_batch_{}.bin", batch));
    }
  } else {
    batches.push_back(options.folder / "test_batch.bin");
  }
  return read_cifar(std::move(name), CifarKind::kCifar10, batches, cifar10_names());
}

Dataset read_cifar100_files(std::string name, Split split, const LoadOptions& options) {
  refuse_other_layouts("cifar100", options.folder, "train.bin", kOtherCifar100);
  const char* file = split == Split::kTrain ? "train.bin" : "test.bin";
  return read_cifar(std::move(name), CifarKind::kCifar100, {options.folder / file},
                    cifar100_names());
}

Dataset read_svhn_files(std::string name, Split split, const LoadOptions& options) {
  const char* file = split == Split::kTrain ? "train_32x32.mat" : "test_32x32.mat";
  return read_svhn(std::move(name), options.folder / file, digit_names());
}

Dataset read_stacked_fashion_mnist(Split split, const LoadOptions& options) {
  const char* part = split == Split::kTrain ? "train" : "test";
  return stack_three(read_mnist_files(fmt::format("fashion-mnist/{}", part), split, options,
                                      fashion_mnist_names()),
                     0);
}

}  // namespace tandem
