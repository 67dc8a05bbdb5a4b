#include "tandem/fetch/fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "fetch_record.h"
#include "md5.h"
#include "sources.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_entries.h"
#include "tandem/core/folder_lock.h"
#include "tandem/core/interrupted.h"
#include "tandem/dataset/class_order.h"
#include "tandem/fetch/verify.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr const char* kWorkFolder = ".fetch";
constexpr const char* kStaging = "staging";

/// MD5 of every file below `folder`, by its path there.
FetchRecord record_of(const fs::path& folder, const std::string& source) {
  FetchRecord record{.source = source};
  for (const fs::path& path : entries_below(folder)) {
    if (fs::is_regular_file(path)) {
      record.md5_of[path.lexically_relative(folder).string()] = md5_of_file(path);
    }
  }
  return record;
}

/// Throws unless `staging` holds the data set, so that nothing wrong comes into place.
void check_staged(const DatasetInfo& info, const fs::path& staging) {
  for (const FileCheck& check : check_files(info, staging)) {
    if (check.state == FileState::kMissing) {
      throw std::runtime_error(fmt::format("{}: expected this file, it was not in it", check.path));
    }
    if (check.state == FileState::kDiffers) {
      throw std::runtime_error(fmt::format("{}: expected MD5 {}, found {}", check.path,
                                           check.expected_md5, check.found_md5));
    }
  }
  const fs::path names = staging / info.class_names_file;
  if (!info.class_names_file.empty() && fs::exists(names)) {
    check_class_order(info.class_names, names);
  }
}

/// Moves each staged file or folder into place, the record last: without it nothing is complete
/// that has no published checksums.
void install(const fs::path& staging, const fs::path& work, const fs::path& folder) {
  fs::remove(folder / kFetchRecordFile);
  for (const fs::path& path : entries_in(staging)) {
    const fs::path target = folder / path.filename();
    if (path.filename() == kFetchRecordFile) {
      continue;
    }
    if (fs::is_directory(target)) {
      const fs::path old = work / ("old-" + target.filename().string());
      fs::remove_all(old);
      fs::rename(target, old);
    }
    fs::rename(path, target);
  }
  rename_durably(staging / kFetchRecordFile, folder / kFetchRecordFile);
}

/// What a fetch that ended early left to do, though the data set is complete.
void clean_up(const fs::path& work, const fs::path& folder) {
  const fs::path record = work / kStaging / kFetchRecordFile;
  if (fs::exists(record)) {
    fs::remove(folder / kFetchRecordFile);
    rename_durably(record, folder / kFetchRecordFile);
  }
  fs::remove_all(work);
}

void fetch_from(const Source& source, const DatasetInfo& info, const FetchOptions& options,
                const fs::path& work) {
  const fs::path staging = work / kStaging;
  fs::remove_all(staging);
  fs::create_directories(staging);
  source.get(work, staging);
  tell(options, "checking");
  check_staged(info, staging);
  write_fetch_record(staging, record_of(staging, source.name));
  install(staging, work, options.folder);
}

/// Folders of pictures that nobody knows the checksums of may be somebody's own.
void refuse_to_replace(const DatasetInfo& info, const fs::path& folder) {
  if (!info.files.empty() || fs::exists(folder / kFetchRecordFile) ||
      fs::exists(folder / kWorkFolder)) {
    return;
  }
  for (const fs::path& path : entries_in(folder)) {
    if (!path.filename().string().starts_with('.')) {
      throw std::runtime_error(
          fmt::format("{}: expected an empty folder to fetch {} into, found {}; it may be the data "
                      "set, but nothing here says that it is whole",
                      folder.string(), info.name, path.filename().string()));
    }
  }
}

/// The error with the name of its source, once.
std::string reason_of(const Source& source, const std::runtime_error& error) {
  const std::string why = error.what();
  return why.starts_with(source.name) ? why : fmt::format("{}: {}", source.name, why);
}

}  // namespace

std::string fetch_dataset(const DatasetInfo& info, const FetchOptions& options) {
  const fs::path work = options.folder / kWorkFolder;
  const bool complete = is_complete(info, options.folder);
  if (complete && !fs::exists(work)) {
    return "";
  }
  const FolderLock lock(options.folder);
  if (complete) {
    clean_up(work, options.folder);
    return "";
  }
  refuse_to_replace(info, options.folder);
  const std::vector<Source> sources = sources_of(info, options);
  std::string failures;
  for (std::size_t k = 0; k < sources.size(); ++k) {
    const auto note_failure = [&](const std::runtime_error& error) {
      const std::string why = reason_of(sources[k], error);
      failures += "\n  " + why;
      if (k + 1 < sources.size() && options.warn) {
        options.warn(why);
      }
    };
    try {
      fetch_from(sources[k], info, options, work);
      fs::remove_all(work);
      return sources[k].name;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::system_error& error) {
      // A full disk or a refused permission would meet every source; a package may lack a file.
      if (error.code() != std::errc::no_such_file_or_directory) {
        throw;
      }
      note_failure(error);
    } catch (const std::runtime_error& error) {
      note_failure(error);
    }
  }
  throw std::runtime_error(fmt::format(
      "cannot fetch {}{}", info.name,
      failures.empty() ? ": nothing is known to fetch it from" : "; tried:" + failures));
}

}  // namespace tandem
