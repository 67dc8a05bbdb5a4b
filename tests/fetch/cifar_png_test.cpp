#include "cifar_png.h"

#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "small_cifar.h"
#include "tandem/core/atomic_file.h"
#include "tandem/picture/png.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

TEST(CifarBatchFromPng, PutsTheLabelBeforeThePlanesOfEachImage) {
  const TemporaryFolder folder;
  const SmallCifar cifar;
  const fs::path png = folder.path() / "batch.png";
  write_file_atomically(png, encode_png(cifar.picture(1)));
  const std::vector<std::uint8_t> labels = {7, 9};
  EXPECT_EQ(cifar_batch_from_png(png, labels), cifar.batch(1, "\7\11"));
  expect_refusal([&] { cifar_batch_from_png(png, std::vector<std::uint8_t>(3)); },
                 {"batch.png", "1024 x 3 pixels", "1024 x 2"});
  fs::resize_file(png, fs::file_size(png) / 2);
  expect_refusal([&] { cifar_batch_from_png(png, labels); }, {"batch.png"});
}

TEST(ReadJsonLabels, RefusesWhatIsNoListOfLabels) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "labels.json";
  write_file_atomically(path, "[0, 9, 3]");
  EXPECT_EQ(read_json_labels(path), (std::vector<std::uint8_t>{0, 9, 3}));
  for (const char* wrong : {"[0, 10]", "[-1]", "[1.5]", "{\"a\": 1}", "[1,", "", "[[1]]"}) {
    write_file_atomically(path, wrong);
    expect_refusal([&] { read_json_labels(path); }, {"labels.json", "labels in 0..9"});
  }
}

}  // namespace
}  // namespace tandem
