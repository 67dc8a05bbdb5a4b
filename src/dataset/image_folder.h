#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tandem/dataset/image_report.h"
#include "tandem/dataset/load_options.h"

namespace tandem {

/// A picture to be decoded.
struct ListedImage {
  std::string file;  ///< below the root, with slashes
  std::int64_t label = 0;
};

/// The pictures of one split in the order of the data set: by class, then by name.
struct ImageListing {
  std::filesystem::path root;
  std::vector<std::string> class_names;
  std::vector<ListedImage> images;
  std::vector<FileRemark> bad;
  std::vector<FileRemark> notes;
};

/// ROOT/train/<class>/... and ROOT/test or ROOT/val: classes are the folders of train in the order
/// of their names (by bytes), pictures end in .jpg, .jpeg or .png in any case, folders within a
/// class belong to it, and names that begin with a dot are passed over. Files may be symbolic
/// links, and folders too unless they lead round in a circle. Throws std::runtime_error where there
/// is no such folder, or fewer than two classes.
ImageListing list_image_folder(const std::filesystem::path& root, Split split);

}  // namespace tandem
