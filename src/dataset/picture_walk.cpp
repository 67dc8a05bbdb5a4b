#include "picture_walk.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "tandem/core/system_error.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 3> kPictureEndings{".jpg", ".jpeg", ".png"};
constexpr std::array<std::string_view, 14> kOtherPictureEndings{
    ".gif",  ".bmp",  ".webp", ".tif", ".tiff", ".jp2", ".avif",
    ".heic", ".heif", ".jfif", ".jpe", ".ppm",  ".pgm", ".svg"};

std::string lower_ending(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  return ending;
}

bool is_hidden(const std::string& name) {
  return name.starts_with('.');
}

std::vector<std::string> sorted_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    names.push_back(entries->path().filename().string());
  }
  if (error) {
    throw_system_error("cannot read folder", folder, error.value());
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct stat status_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    throw_system_error("cannot look at", path);
  }
  return status;
}

/// Whether a folder is there, or a link to one. What is no folder, or a link that leads nowhere or
/// round in a circle, is not.
bool is_folder(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (error && type != fs::file_type::not_found &&
      error != std::errc::too_many_symbolic_link_levels) {
    throw_system_error("cannot look at", path, error.value());
  }
  return type == fs::file_type::directory;
}

/// Walks through one class.
class Walk {
 public:
  /// Of the class in `folder`, out of which no link leads to a folder that holds it.
  Walk(ImageListing& listing, const fs::path& folder, std::int64_t label)
      : listing_(listing), label_(label) {
    fs::path above = fs::canonical(listing.root / folder);
    while (above.has_relative_path()) {
      above = above.parent_path();
      const struct stat status = status_of(above);
      entered_.insert({status.st_dev, status.st_ino});
    }
  }

  void enter(const fs::path& folder) {
    const struct stat status = status_of(listing_.root / folder);
    if (!entered_.insert({status.st_dev, status.st_ino}).second) {
      remark_bad(folder,
                 "a symbolic link to a folder that was read already: a circle, or twice "
                 "the same pictures");
      return;
    }
    for (const std::string& name : sorted_names(listing_.root / folder)) {
      if (!is_hidden(name)) {
        look_at(folder / name);
      }
    }
  }

  std::int64_t other_files() const { return other_files_; }

 private:
  void look_at(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(listing_.root / path, error);
    if (status.type() == fs::file_type::directory) {
      enter(path);
    } else if (error == std::errc::too_many_symbolic_link_levels) {
      remark_bad(path, "a symbolic link that leads round in a circle");
    } else if (status.type() == fs::file_type::not_found) {
      remark_bad(path, "a symbolic link that leads nowhere");
    } else if (error) {
      throw_system_error("cannot look at", listing_.root / path, error.value());
    } else if (has_picture_ending(path)) {
      if (status.type() == fs::file_type::regular) {
        listing_.images.push_back({path.generic_string(), label_});
      } else {
        remark_bad(path, "not a regular file");
      }
    } else if (const std::string ending = lower_ending(path);
               std::count(kOtherPictureEndings.begin(), kOtherPictureEndings.end(), ending) > 0) {
      remark_bad(path, fmt::format("a {} file; JPEG and PNG are read, as .jpg, .jpeg and .png",
                                   ending.substr(1)));
    } else {
      ++other_files_;
    }
  }

  void remark_bad(const fs::path& path, std::string word) {
    listing_.bad.push_back({path.generic_string(), std::move(word)});
  }

  ImageListing& listing_;
  std::int64_t label_;
  std::set<std::pair<dev_t, ino_t>> entered_;
  std::int64_t other_files_ = 0;
};

}  // namespace

bool has_picture_ending(const fs::path& path) {
  const std::string ending = lower_ending(path);
  return std::count(kPictureEndings.begin(), kPictureEndings.end(), ending) > 0;
}

std::vector<std::string> folder_names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const std::string& name : sorted_names(folder)) {
    if (!is_hidden(name) && is_folder(folder / name)) {
      names.push_back(name);
    }
  }
  return names;
}

void add_pictures(ImageListing& listing, const fs::path& folder, std::int64_t label) {
  const std::size_t before = listing.images.size();
  Walk walk(listing, folder, label);
  walk.enter(folder);
  if (listing.images.size() == before) {
    listing.bad.push_back({folder.generic_string(), "a class without pictures"});
  }
  if (walk.other_files() > 0) {
    listing.notes.push_back({folder.generic_string(),
                             fmt::format("{} file(s) whose names do not end as pictures' do were "
                                         "passed over",
                                         walk.other_files())});
  }
}

void remark_strays(ImageListing& listing, const fs::path& folder) {
  for (const std::string& name : sorted_names(listing.root / folder)) {
    if (!is_hidden(name) && has_picture_ending(name) && !is_folder(listing.root / folder / name)) {
      listing.bad.push_back({(folder / name).generic_string(), "a picture in no class's folder"});
    }
  }
}

void expect_folder(const fs::path& folder, const std::string& expected) {
  const fs::file_type type = file_type_at(folder);
  if (type != fs::file_type::directory) {
    throw std::runtime_error(
        fmt::format("{}: expected {}, found {}", folder.string(), expected,
                    type == fs::file_type::not_found ? "nothing" : "no folder"));
  }
}

}  // namespace tandem
