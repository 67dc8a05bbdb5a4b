#include "data_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <span>

#include "tandem/core/number_text.h"
#include "tandem/core/printable.h"
#include "tandem/dataset/catalog.h"
#include "tandem/dataset/original_files.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostFilesListed = 20;
constexpr std::size_t kMostClassesListed = 200;

std::string host_of(const std::string& url) {
  const std::size_t begin = url.find("//") + 2;
  return url.substr(begin, url.find('/', begin) - begin);
}

std::string sources_text(const DatasetInfo& info) {
  std::vector<std::string> sources;
  if (!info.downloads.empty()) {
    sources.push_back(host_of(info.downloads.front().url));
  }
  if (!info.npm.package.empty()) {
    sources.push_back("npm " + info.npm.package);
  }
  return fmt::format("{}", fmt::join(sources, ", else "));
}

std::string number(std::int64_t count) {
  return count == 0 ? "-" : grouped(count);
}

std::string shape_text(const ImageShape& shape) {
  return shape.channels == 0 ? "-"
                             : fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width);
}

/// Whether something of the data set lies in its folder; how much, `tandem data verify` tells.
bool is_here(const DatasetInfo& info, const fs::path& folder) {
  if (info.files.empty()) {
    return fs::exists(folder / "train");
  }
  return std::ranges::all_of(info.files, [&](const OriginalFile& file) {
    return !find_original(folder, file.path).empty();
  });
}

const char* state_text(FileState state) {
  switch (state) {
    case FileState::kAsPublished:
      return "ok";
    case FileState::kAsFetched:
      return "ok, as fetched";
    case FileState::kNotComparable:
      return "no published checksum";
    case FileState::kDiffers:
      return "differs";
    case FileState::kMissing:
      return "missing";
  }
  return "";
}

}  // namespace

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string dataset_list_text() {
  constexpr const char* kRow = "{:<22}{:>9}{:>9}{:>9}{:>8}  {}\n";
  std::string text = fmt::format(kRow, "data set", "images", "classes", "train", "test", "files");
  for (const std::string& name : dataset_names()) {
    const DatasetInfo& info = dataset_info(name);
    const fs::path folder = default_data_folder(name);
    text += fmt::format(kRow, name, shape_text(info.shape), number(info.class_count),
                        number(info.train_count), number(info.test_count),
                        is_here(info, folder) ? folder.string() : "not here: " + info.how_to_get);
    if (const std::string sources = sources_text(info); !sources.empty()) {
      text += fmt::format("{:<22}  from {}\n", "", sources);
    }
  }
  return text;
}

std::string verification_text(const Verification& verification) {
  std::string text;
  std::map<FileState, std::size_t> count;
  for (const FileCheck& check : verification.files) {
    ++count[check.state];
    const bool fault = check.state == FileState::kDiffers || check.state == FileState::kMissing;
    if (fault || verification.files.size() <= kMostFilesListed) {
      text += fmt::format(
          "  {:<28} {:<22} {}\n", printable(check.path, LineEnds::kShown), state_text(check.state),
          check.state == FileState::kDiffers
              ? fmt::format("MD5 {}, expected {}", check.found_md5, check.expected_md5)
              : check.found_md5);
    }
  }
  if (verification.files.size() > kMostFilesListed) {
    for (const auto& [state, files] : count) {
      text += fmt::format("  {} files: {}\n", grouped(static_cast<std::int64_t>(files)),
                          state_text(state));
    }
  }
  if (verification.files.empty()) {
    text += "  no checksums are published for its files, and none were kept from fetching them\n";
  }
  for (const std::string& note : verification.notes) {
    text += fmt::format("  {}\n", printable(note));
  }
  for (const std::string& fault : verification.faults) {
    text += fmt::format("  WRONG: {}\n", printable(fault));
  }
  return text;
}

std::string remarks_text(const std::string& title, const std::vector<FileRemark>& remarks) {
  if (remarks.empty()) {
    return "";
  }
  std::string text = fmt::format("{}: {}\n", title, grouped(std::ssize(remarks)));
  for (const FileRemark& remark : remarks) {
    text += fmt::format("  {}: {}\n", printable(remark.file, LineEnds::kShown),
                        printable(remark.word, LineEnds::kShown));
  }
  return text;
}

std::string class_table_text(const Dataset& dataset) {
  const ImageShape shape = dataset.image_shape();
  const torch::Tensor counts =
      torch::bincount(dataset.labels(), {}, dataset.class_count()).to(torch::kInt64);
  const std::span count(counts.data_ptr<std::int64_t>(),
                        static_cast<std::size_t>(dataset.class_count()));
  const std::size_t shown = std::min(count.size(), kMostClassesListed);
  std::vector<std::string> names;
  std::size_t widest = 0;
  for (std::size_t label = 0; label < shown; ++label) {
    names.push_back(printable(dataset.class_names()[label], LineEnds::kShown));
    widest = std::max(widest, names.back().size());
  }
  std::string text =
      fmt::format("{}: {} images of {}x{}x{}, {} classes, fingerprint {}\n", dataset.name(),
                  grouped(dataset.size()), shape.channels, shape.height, shape.width,
                  grouped(dataset.class_count()), dataset.fingerprint().hex());
  for (std::size_t label = 0; label < shown; ++label) {
    text +=
        fmt::format("{:>5}  {:<{}}  {:>8}\n", label, names[label], widest, grouped(count[label]));
  }
  if (shown < count.size()) {
    text += fmt::format("  ...  and {} classes more\n",
                        grouped(static_cast<std::int64_t>(count.size() - shown)));
  }
  const auto [least, most] = std::ranges::minmax(count);
  if (least == most) {
    return text + fmt::format("balanced: {} of every class\n", grouped(least));
  }
  const double imbalance = static_cast<double>(most) / static_cast<double>(least);
  return text + fmt::format("{} to {} of a class, {}\n", grouped(least), grouped(most),
                            least > 0 ? fmt::format("imbalance {:.2f}", imbalance)
                                      : "some classes have none");
}

}  // namespace tandem
