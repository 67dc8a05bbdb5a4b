#pragma once

#include <filesystem>
#include <string>

#include "image_folder.h"

namespace tandem {

/// Whether a file called so is meant to be a JPEG or PNG.
bool has_picture_ending(const std::filesystem::path& path);

/// Names of the folders in `folder`, sorted by bytes, without those that begin with a dot.
std::vector<std::string> folder_names(const std::filesystem::path& folder);

/// Adds the pictures in `folder` (below listing.root) and the folders in it as ones of `label`, in
/// the order of their paths, and remarks on everything else.
void add_pictures(ImageListing& listing, const std::filesystem::path& folder, std::int64_t label);

/// Remarks on pictures that lie in `folder` itself, where classes are expected.
void remark_strays(ImageListing& listing, const std::filesystem::path& folder);

/// Throws std::runtime_error that says what was expected, and where, unless `folder` is one.
void expect_folder(const std::filesystem::path& folder, const std::string& expected);

}  // namespace tandem
