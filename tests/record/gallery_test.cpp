#include "tandem/record/gallery.h"

#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

Gallery small_gallery() {
  return {.samples = torch::zeros({2, 1, 4, 4}, torch::kUInt8),
          .views = torch::zeros({2, 3, 1, 4, 4}, torch::kUInt8),
          .labels = torch::zeros({2}, torch::kInt64),
          .targets = {{"cell", torch::zeros({2, 3, 5})}}};
}

TEST(Gallery, IsReadAsItWasWrittenAndRefusedWhereItsPartsDoNotFit) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "gallery";
  write_gallery(path, small_gallery());
  EXPECT_EQ(read_gallery(path).targets.at("cell").sizes(), torch::IntArrayRef({2, 3, 5}));
  const auto refused = [&](const std::function<void(Gallery&)>& change, const std::string& name) {
    Gallery gallery = small_gallery();
    change(gallery);
    write_gallery(path, gallery);
    expect_refusal([&] { read_gallery(path); }, {path.string(), "not a gallery", name});
  };
  refused([](Gallery& gallery) { gallery.samples = torch::zeros({}); }, "'samples'");
  refused([](Gallery& gallery) { gallery.views = gallery.views.narrow(0, 0, 1); }, "'views'");
  refused([](Gallery& gallery) { gallery.labels = torch::zeros({2}); }, "'labels'");
  refused([](Gallery& gallery) { gallery.targets["cell"] = torch::zeros({2, 4, 5}); }, "cell");
  refused([](Gallery& gallery) { gallery.targets["cell"] = torch::zeros({3, 3, 5}); }, "cell");
}

}  // namespace
}  // namespace tandem
