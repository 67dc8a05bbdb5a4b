#pragma once

#include <filesystem>
#include <string>

#include "image_cache.h"
#include "image_folder.h"
#include "picture_bytes.h"
#include "temporary_folder.h"

namespace tandem {

/// A folder of pictures: train/cat, train/dog, val/cat and val/dog with a few each, and a cache
/// beside it.
class PictureFolder {
 public:
  PictureFolder() {
    for (const char* part : {"train", "val"}) {
      for (const char* name : {"cat", "dog"}) {
        for (unsigned k = 0; k < 3; ++k) {
          // No two are equal.
          const unsigned width = 20 + 3 * k + (name[0] == 'c' ? 0 : 1) + (part[0] == 't' ? 0 : 12);
          const std::string stem = std::string(part) + "/" + name + "/" + std::to_string(k);
          k == 1 ? put(stem + ".png", png_bytes(ramp_picture(width, 24)))
                 : put(stem + ".jpg", jpeg_bytes(ramp_picture(width, 24)));
        }
      }
    }
  }

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path cache() const { return folder_.path() / "cache"; }

  /// Writes a file below the root, and its folders.
  void put(const std::string& file, const Bytes& bytes) const {
    std::filesystem::create_directories((root_ / file).parent_path());
    write_bytes(root_ / file, bytes);
  }

  ImageListing list(Split split = Split::kTrain) const { return list_image_folder(root_, split); }

  Dataset load(Split split = Split::kTrain) {
    return load_pictures("pets/train", list(split),
                         {.side = 16,
                          .skip_bad = skip_bad,
                          .threads = 2,
                          .cache = cache(),
                          .report = &report,
                          .on_progress = on_progress});
  }

  bool skip_bad = false;
  OnProgress on_progress;
  ImageReport report;

 private:
  TemporaryFolder folder_;
  std::filesystem::path root_ = folder_.path() / "pets";
};

/// The word on `file`, empty if there is none.
inline std::string word_on(const std::vector<FileRemark>& remarks, const std::string& file) {
  for (const FileRemark& remark : remarks) {
    if (remark.file == file) {
      return remark.word;
    }
  }
  return "";
}

}  // namespace tandem
