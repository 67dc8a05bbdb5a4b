#include "imagenet_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "picture_walk.h"
#include "tandem/core/atomic_file.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::array<const char*, 2>, 10> kImagenette{{{"n01440764", "tench"},
                                                                  {"n02102040", "English springer"},
                                                                  {"n02979186", "cassette player"},
                                                                  {"n03000684", "chain saw"},
                                                                  {"n03028079", "church"},
                                                                  {"n03394916", "French horn"},
                                                                  {"n03417042", "garbage truck"},
                                                                  {"n03425413", "gas pump"},
                                                                  {"n03445777", "golf ball"},
                                                                  {"n03888257", "parachute"}}};

/// Lines without what ends them.
std::vector<std::string> lines_of(const fs::path& path) {
  std::istringstream file(read_file(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

/// The text before the first `mark`, and what follows it.
std::pair<std::string, std::string> cut_at(const std::string& line, char mark) {
  const std::size_t place = line.find(mark);
  return place == std::string::npos ? std::pair(line, std::string())
                                    : std::pair(line.substr(0, place), line.substr(place + 1));
}

/// WordNet numbers in the order of their class ids.
std::vector<std::string> read_wnids(const fs::path& path) {
  const std::vector<std::string> wnids = lines_of(path);
  const std::set<std::string> distinct(wnids.begin(), wnids.end());
  if (wnids.size() < 2 || distinct.size() != wnids.size()) {
    throw std::runtime_error(
        fmt::format("{}: expected distinct WordNet numbers, two at least; found {} lines, {} of "
                    "them distinct",
                    path.string(), wnids.size(), distinct.size()));
  }
  return wnids;
}

/// The first word for each; one that two classes share is told apart by its number.
std::vector<std::string> read_words(const fs::path& path, const std::vector<std::string>& wnids) {
  std::map<std::string, std::string> word_of;
  for (const std::string& line : lines_of(path)) {
    const auto [wnid, words] = cut_at(line, '\t');
    word_of[wnid] = cut_at(words, ',').first;
  }
  std::map<std::string, int> uses;
  for (const std::string& wnid : wnids) {
    if (word_of[wnid].empty()) {
      throw std::runtime_error(
          fmt::format("{}: expected a line for {}, found none", path.string(), wnid));
    }
    ++uses[word_of[wnid]];
  }
  std::vector<std::string> names;
  for (const std::string& wnid : wnids) {
    const std::string& word = word_of[wnid];
    names.push_back(uses[word] == 1 ? word : fmt::format("{} ({})", word, wnid));
  }
  return names;
}

/// A folder for each of `wnids` below `part`, and no other.
void add_folders(ImageListing& listing, const fs::path& part,
                 const std::vector<std::string>& wnids) {
  expect_folder(listing.root / part, "a folder that holds one folder per WordNet number");
  remark_strays(listing, part);
  for (const std::string& name : folder_names(listing.root / part)) {
    if (std::find(wnids.begin(), wnids.end(), name) == wnids.end()) {
      listing.bad.push_back({(part / name).generic_string(), "a folder of no class"});
    }
  }
  for (std::size_t label = 0; label < wnids.size(); ++label) {
    expect_folder(listing.root / part / wnids[label], "a class's folder");
    add_pictures(listing, part / wnids[label], static_cast<std::int64_t>(label));
  }
}

/// Pictures of val/images, each of the class that val_annotations.txt states.
void add_annotated(ImageListing& listing, const std::vector<std::string>& wnids) {
  std::map<std::string, std::int64_t> label_of;
  for (std::size_t label = 0; label < wnids.size(); ++label) {
    label_of[wnids[label]] = static_cast<std::int64_t>(label);
  }
  const fs::path annotations = listing.root / "val" / "val_annotations.txt";
  std::map<std::string, std::int64_t> label_of_file;
  for (const std::string& line : lines_of(annotations)) {
    const auto [file, rest] = cut_at(line, '\t');
    const auto known = label_of.find(cut_at(rest, '\t').first);
    if (known == label_of.end()) {
      throw std::runtime_error(fmt::format(
          "{}: expected a file and a WordNet number of wnids.txt, with tabs between; found '{}'",
          annotations.string(), line));
    }
    label_of_file[file] = known->second;
  }

  ImageListing found{.root = listing.root, .class_names = {}, .images = {}};
  const fs::path images = fs::path("val") / "images";
  expect_folder(listing.root / images, "the folder of the validation pictures");
  add_pictures(found, images, 0);
  for (const ListedImage& image : found.images) {
    const auto label = label_of_file.extract(fs::path(image.file).lexically_relative(images));
    if (label.empty()) {
      listing.bad.push_back({image.file, "a picture without a line in val_annotations.txt"});
    } else {
      listing.images.push_back({image.file, label.mapped()});
    }
  }
  for (const auto& [file, label] : label_of_file) {
    listing.bad.push_back(
        {(images / file).generic_string(), "missing: val_annotations.txt names it"});
  }
  listing.bad.insert(listing.bad.end(), found.bad.begin(), found.bad.end());
  listing.notes.insert(listing.notes.end(), found.notes.begin(), found.notes.end());
}

}  // namespace

ImageListing list_tiny_imagenet(const fs::path& root, Split split) {
  const std::vector<std::string> wnids = read_wnids(root / "wnids.txt");
  ImageListing listing{
      .root = root, .class_names = read_words(root / "words.txt", wnids), .images = {}};
  if (split == Split::kTrain) {
    add_folders(listing, "train", wnids);
  } else {
    add_annotated(listing, wnids);
  }
  return listing;
}

ImageListing list_imagenette(const fs::path& root, Split split) {
  ImageListing listing{.root = root, .class_names = {}, .images = {}};
  std::vector<std::string> wnids;
  for (const auto& [wnid, word] : kImagenette) {
    wnids.emplace_back(wnid);
    listing.class_names.emplace_back(word);
  }
  add_folders(listing, split == Split::kTrain ? "train" : "val", wnids);
  return listing;
}

}  // namespace tandem
