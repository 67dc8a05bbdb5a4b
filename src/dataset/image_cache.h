#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "image_folder.h"
#include "tandem/core/progress.h"
#include "tandem/dataset/dataset.h"

namespace tandem {

/// Where decoded pictures are kept: $TANDEM_CACHE, else tandem in $XDG_CACHE_HOME, else
/// ~/.cache/tandem. Everything in it can be removed at any time and is made again when needed.
/// Throws std::runtime_error where none of them is set.
std::filesystem::path image_cache_folder();

struct PictureOptions {
  std::int64_t side = 64;  ///< of the square images, in pixels (see fit_square)
  bool skip_bad = false;
  std::int64_t threads = 0;       ///< that decode; 0: as many as there are cores
  std::filesystem::path cache;    ///< empty: image_cache_folder()
  ImageReport* report = nullptr;  ///< filled also where loading fails for bad files
  OnProgress on_progress;
};

/// The listed pictures, decoded, scaled and cut to squares, as a data set in a mapped file of the
/// cache. They are decoded once for their content (names, classes and bytes of all files, and the
/// side); a file's size, times and place tell whether it needs to be read again. Work that is
/// interrupted goes on where it was; two processes that want the same pictures take turns; a
/// damaged file of the cache is made anew, with a note in the report. Throws std::runtime_error
/// that lists the files that cannot be used, unless they are skipped, and for a cache that cannot
/// be written.
Dataset load_pictures(std::string name, const ImageListing& listing, const PictureOptions& options);

}  // namespace tandem
