#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "image_folder.h"
#include "tandem/core/fingerprint.h"

namespace tandem {

/// Of how a picture becomes pixels: to be raised whenever that changes.
inline constexpr std::int64_t kPictureRule = 1;

/// What reading a file's bytes says about it.
struct ReadFile {
  Fingerprint bytes;
  std::string bad;   ///< why it cannot be used, as far as that shows already
  std::string note;  ///< what is odd
};

/// Reads a picture's file and looks at it, without decoding it. Throws std::system_error where it
/// cannot be read, which says nothing about the picture.
ReadFile read_listed(const std::filesystem::path& root, const std::string& file);

/// Whole content of a picture's file. Throws PictureError for an enormous one, and what read_file
/// throws.
std::string bytes_of_picture(const std::filesystem::path& path);

/// What the files look like from outside: fast to find out, and different whenever one changed.
/// Nothing where that cannot be said: a file is missing, or too young.
std::optional<Fingerprint> look_of_files(const ImageListing& listing, std::int64_t side);

}  // namespace tandem
