#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tandem/core/fingerprint.h"
#include "tandem/dataset/dataset.h"

namespace tandem {

// A cache file is a safetensors file (format image-cache-1) that any tool can open:
//
//   labels        int64 [n]
//   fingerprints  int64 [n, 2]     XXH3 of each image's pixels, high word and low word; 0, 0 where
//                                  the picture is bad
//   sums          int64 [n, 3, 2]  of each channel's pixels, and of their squares
//   images        uint8 [n, 3, side, side]
//   files         uint8 [...]      the pictures' names, a zero byte after each
//   report        uint8 [...]      JSON: class_names, and what was bad or odd as [row, word]
//
// While it is made it is <name>.partial. Its rows are written by many threads as they come, so a
// run that is killed leaves those that it finished, and the next one goes on from there.

/// What was found out about the picture of a row.
using RowRemark = std::pair<std::int64_t, std::string>;

/// Everything in a cache file but the pixels.
struct CacheContent {
  Fingerprint content;  ///< names the file: of all that its pixels depend on
  std::int64_t side = 0;
  std::vector<std::string> class_names;
  std::vector<std::string> files;
  std::vector<std::int64_t> labels;
  std::vector<RowRemark> bad;
  std::vector<RowRemark> notes;
};

struct CachedImages {
  MappedImages images;
  std::vector<RowRemark> bad;
  std::vector<RowRemark> notes;
};

/// Maps a cache file. All of its tables are checked, and its pixels up to some hundred MB; of a
/// larger one images spread over all of it. Throws std::runtime_error that says what is damaged.
CachedImages open_cache_file(const std::filesystem::path& path, const CacheContent& expected);

/// Reads all of a cache file. Throws std::runtime_error that says which image is damaged.
void check_image_cache(const std::filesystem::path& path);

// What reading and writing share.

inline constexpr const char* kCacheFormat = "image-cache-1";
inline constexpr std::int64_t kCacheChannels = 3;

/// Where the parts begin, in bytes of the file.
struct CachePlaces {
  CachePlaces(std::int64_t count, std::int64_t side);

  std::uint64_t labels;
  std::uint64_t fingerprints;
  std::uint64_t sums;
  std::uint64_t images;
  std::uint64_t end;
};

/// Room for the header, which is written last and padded.
inline constexpr std::uint64_t kCacheDataOffset = 4096;

Fingerprint fingerprint_of_pixels(const std::uint8_t* pixels, std::uint64_t count);

/// Of everything in the file but the pixels.
Fingerprint fingerprint_of_tables(std::span<const std::int64_t> labels,
                                  std::span<const std::int64_t> fingerprints,
                                  std::span<const std::int64_t> sums, std::string_view files,
                                  std::string_view report);

}  // namespace tandem
