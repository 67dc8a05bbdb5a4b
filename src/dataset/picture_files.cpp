#include "picture_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <span>

#include "size_of_file.h"
#include "tandem/core/atomic_file.h"
#include "tandem/picture/picture.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;
/// Of what a finished cache may be trusted to hold. Before 1, an error of the system in reading a
/// picture was kept as one of the picture, and its look was remembered for it.
constexpr std::int64_t kLookRule = 1;
/// Files that changed within this time may change once more without their times telling so.
constexpr std::chrono::seconds kSettled{1};

/// What its name says and its content does not.
std::string remark_on_ending(const std::string& file, const std::string& content) {
  std::string name = file;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  const bool named_png = name.ends_with(".png");
  const bool is_png = picture_format(std::as_bytes(std::span(content))) == PictureFormat::kPng;
  if (named_png == is_png) {
    return "";
  }
  return fmt::format("a {} by its content, whatever its name says", is_png ? "PNG" : "JPEG");
}

}  // namespace

std::string bytes_of_picture(const fs::path& path) {
  if (const std::int64_t size = size_of_file(path); size > kMostBytes) {
    throw PictureError(
        fmt::format("a file of {} MB, where at most {} are read", size >> 20, kMostBytes >> 20));
  }
  return read_file(path);
}

ReadFile read_listed(const fs::path& root, const std::string& file) {
  ReadFile read;
  try {
    const std::string content = bytes_of_picture(root / file);
    read.bytes = Fingerprinter().bytes(std::as_bytes(std::span(content))).digest();
    read.note = remark_on_ending(file, content);
  } catch (const PictureError& error) {
    read.bad = error.what();
  }
  return read;
}

std::optional<Fingerprint> look_of_files(const ImageListing& listing, std::int64_t side) {
  Fingerprinter look;
  look.number(kPictureRule).number(kLookRule).number(side);
  bool settled = true;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  for (const ListedImage& image : listing.images) {
    struct stat status {};
    look.text(image.file).number(image.label);
    if (::stat((listing.root / image.file).c_str(), &status) != 0) {
      return std::nullopt;
    }
    for (const std::int64_t number :
         {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
          static_cast<std::int64_t>(status.st_size), std::int64_t{status.st_mtim.tv_sec},
          std::int64_t{status.st_mtim.tv_nsec}, std::int64_t{status.st_ctim.tv_sec},
          std::int64_t{status.st_ctim.tv_nsec}}) {
      look.number(number);
    }
    // No program can set a file's ctime, so it tells of every change but one in the same instant.
    const auto changed = std::chrono::seconds(status.st_ctim.tv_sec) +
                         std::chrono::nanoseconds(status.st_ctim.tv_nsec);
    settled = settled && now - changed > kSettled;
  }
  for (const std::string& name : listing.class_names) {
    look.text(name);
  }
  return settled ? std::optional(look.digest()) : std::nullopt;
}

}  // namespace tandem
