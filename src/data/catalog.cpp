#include "tandem/data/catalog.h"

#include <fmt/format.h>

#include <functional>
#include <stdexcept>

#include "tandem/core/registry.h"
#include "tandem/data/cifar.h"
#include "tandem/data/idx.h"
#include "tandem/data/stacked.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDebianFashionMnist = "/usr/share/datasets/fashion-mnist";

using Names = std::vector<std::string>;

const Names kDigits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
const Names kGarments = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                         "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
const Names kCifar10Classes = {"airplane", "automobile", "bird",  "cat",  "deer",
                               "dog",      "frog",       "horse", "ship", "truck"};
const Names kCifar100Classes = {
    "apple",       "aquarium_fish", "baby",      "bear",       "beaver",       "bed",
    "bee",         "beetle",        "bicycle",   "bottle",     "bowl",         "boy",
    "bridge",      "bus",           "butterfly", "camel",      "can",          "castle",
    "caterpillar", "cattle",        "chair",     "chimpanzee", "clock",        "cloud",
    "cockroach",   "couch",         "crab",      "crocodile",  "cup",          "dinosaur",
    "dolphin",     "elephant",      "flatfish",  "forest",     "fox",          "girl",
    "hamster",     "house",         "kangaroo",  "keyboard",   "lamp",         "lawn_mower",
    "leopard",     "lion",          "lizard",    "lobster",    "man",          "maple_tree",
    "motorcycle",  "mountain",      "mouse",     "mushroom",   "oak_tree",     "orange",
    "orchid",      "otter",         "palm_tree", "pear",       "pickup_truck", "pine_tree",
    "plain",       "plate",         "poppy",     "porcupine",  "possum",       "rabbit",
    "raccoon",     "ray",           "road",      "rocket",     "rose",         "sea",
    "seal",        "shark",         "shrew",     "skunk",      "skyscraper",   "snail",
    "snake",       "spider",        "squirrel",  "streetcar",  "sunflower",    "sweet_pepper",
    "table",       "tank",          "telephone", "television", "tiger",        "tractor",
    "train",       "trout",         "tulip",     "turtle",     "wardrobe",     "whale",
    "willow_tree", "wolf",          "woman",     "worm"};

fs::path plain_or_gzipped(const fs::path& folder, const std::string& file) {
  for (const fs::path& path : {folder / (file + ".gz"), folder / file}) {
    if (fs::exists(path)) {
      return path;
    }
  }
  throw std::runtime_error(fmt::format("{}: expected this file or {}.gz, found neither",
                                       (folder / file).string(), file));
}

Dataset load_mnist_like(const Names& classes, std::string name, Split split,
                        const fs::path& folder) {
  const std::string stem = split == Split::kTrain ? "train" : "t10k";
  return read_idx_dataset(std::move(name), plain_or_gzipped(folder, stem + "-images-idx3-ubyte"),
                          plain_or_gzipped(folder, stem + "-labels-idx1-ubyte"), classes);
}

Dataset load_cifar10(std::string name, Split split, const fs::path& folder) {
  std::vector<fs::path> batches;
  if (split == Split::kTrain) {
    for (int batch = 1; batch <= 5; ++batch) {
      batches.push_back(folder / fmt::format("data_batch_{}.bin", batch));
    }
  } else {
    batches.push_back(folder / "test_batch.bin");
  }
  return read_cifar(std::move(name), CifarKind::kCifar10, batches, kCifar10Classes);
}

Dataset load_cifar100(std::string name, Split split, const fs::path& folder) {
  const char* file = split == Split::kTrain ? "train.bin" : "test.bin";
  return read_cifar(std::move(name), CifarKind::kCifar100, {folder / file}, kCifar100Classes);
}

/// Fashion-MNIST's garments in threes: 1000 classes.
Dataset load_stacked(Split split, const fs::path& folder) {
  const char* part = split == Split::kTrain ? "train" : "test";
  const Dataset grey =
      load_mnist_like(kGarments, fmt::format("fashion-mnist/{}", part), split, folder);
  return stack_three(grey, 0);
}

struct Entry {
  std::function<Dataset(std::string name, Split, const fs::path& folder)> load;
  std::string how_to_get;
};

const Registry<Entry>& catalog() {
  using namespace std::placeholders;
  static const Registry<Entry> registry = [] {
    Registry<Entry> known("data set");
    known.add("fashion-mnist", {std::bind(load_mnist_like, kGarments, _1, _2, _3),
                                "apt-get install dataset-fashion-mnist"});
    known.add("mnist", {std::bind(load_mnist_like, kDigits, _1, _2, _3),
                        "put the four idx files of http://yann.lecun.com/exdb/mnist there"});
    known.add("cifar10", {load_cifar10,
                          "unpack https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz there"});
    known.add(
        "cifar100",
        {load_cifar100, "unpack https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz there"});
    known.add("stacked-fashion-mnist",
              {[](const std::string&, Split split, const fs::path& folder) {
                 return load_stacked(split, folder);
               },
               "apt-get install dataset-fashion-mnist"});
    return known;
  }();
  return registry;
}

}  // namespace

std::vector<std::string> dataset_names() {
  return catalog().names();
}

fs::path default_data_folder(std::string_view name) {
  catalog().at(name);
  if (name.ends_with("fashion-mnist") && fs::exists(kDebianFashionMnist)) {
    return kDebianFashionMnist;
  }
  return fs::path("data") / name;
}

Dataset load_dataset(std::string_view name, Split split, const LoadOptions& options) {
  const Entry& entry = catalog().at(name);
  const char* part = split == Split::kTrain ? "train" : "test";
  try {
    return entry.load(fmt::format("{}/{}", name, part), split,
                      options.folder.empty() ? default_data_folder(name) : options.folder);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(
        fmt::format("{} (to get the files of {}: {})", error.what(), name, entry.how_to_get));
  }
}

}  // namespace tandem
