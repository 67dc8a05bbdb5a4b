#include "known_readers.h"

#include <fmt/format.h>

#include <stdexcept>

#include "cifar.h"
#include "idx.h"
#include "known_class_names.h"
#include "stacked.h"
#include "svhn.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

fs::path plain_or_gzipped(const fs::path& folder, const std::string& file) {
  for (const fs::path& path : {folder / (file + ".gz"), folder / file}) {
    if (fs::exists(path)) {
      return path;
    }
  }
  throw std::runtime_error(fmt::format("{}: expected this file or {}.gz, found neither",
                                       (folder / file).string(), file));
}

}  // namespace

Dataset read_mnist_files(std::string name, Split split, const LoadOptions& options,
                         std::vector<std::string> class_names) {
  const std::string stem = split == Split::kTrain ? "train" : "t10k";
  return read_idx_dataset(
      std::move(name), plain_or_gzipped(options.folder, stem + "-images-idx3-ubyte"),
      plain_or_gzipped(options.folder, stem + "-labels-idx1-ubyte"), std::move(class_names));
}

Dataset read_cifar10_files(std::string name, Split split, const LoadOptions& options) {
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
