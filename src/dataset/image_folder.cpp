#include "image_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "picture_walk.h"
#include "tandem/core/system_error.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr const char* kClassesInside = "a folder that holds one folder of pictures per class";

/// The folder of the test split, below root: test where there is one, else val.
fs::path test_part(const fs::path& root) {
  const bool has_test = file_type_at(root / "test") == fs::file_type::directory;
  if (!has_test && file_type_at(root / "val") != fs::file_type::directory) {
    throw std::runtime_error(fmt::format(
        "{}: expected a folder test or val beside train, found neither", root.string()));
  }
  return has_test ? "test" : "val";
}

void add_train(ImageListing& listing) {
  for (std::size_t label = 0; label < listing.class_names.size(); ++label) {
    add_pictures(listing, fs::path("train") / listing.class_names[label],
                 static_cast<std::int64_t>(label));
  }
}

void add_test(ImageListing& listing, const fs::path& part) {
  const std::vector<std::string> found = folder_names(listing.root / part);
  for (const std::string& name : found) {
    if (!std::binary_search(listing.class_names.begin(), listing.class_names.end(), name)) {
      listing.bad.push_back({(part / name).generic_string(), "a class that train does not have"});
    }
  }
  for (std::size_t label = 0; label < listing.class_names.size(); ++label) {
    const std::string& name = listing.class_names[label];
    if (std::binary_search(found.begin(), found.end(), name)) {
      add_pictures(listing, part / name, static_cast<std::int64_t>(label));
    } else {
      listing.bad.push_back({(part / name).generic_string(), "missing: a class of train only"});
    }
  }
}

}  // namespace

ImageListing list_image_folder(const fs::path& root, Split split) {
  const fs::path train = root / "train";
  expect_folder(train, kClassesInside);
  ImageListing listing{.root = root, .class_names = folder_names(train), .images = {}};
  if (listing.class_names.size() < 2) {
    throw std::runtime_error(fmt::format("{}: expected {}, two at least; found {}", train.string(),
                                         kClassesInside, listing.class_names.size()));
  }
  const fs::path part = split == Split::kTrain ? "train" : test_part(root);
  remark_strays(listing, part);
  if (split == Split::kTrain) {
    add_train(listing);
  } else {
    add_test(listing, part);
  }
  return listing;
}

}  // namespace tandem
