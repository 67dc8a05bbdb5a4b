#include "tandem/fetch/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <system_error>

#include "fetch_record.h"
#include "md5.h"
#include "tandem/core/interrupted.h"
#include "tandem/dataset/catalog.h"
#include "tandem/dataset/class_order.h"
#include "tandem/dataset/image_report.h"
#include "tandem/dataset/original_files.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// MD5 of what the file inflates to, or nothing where it is no whole gzip file.
std::string md5_of_gzipped_or_nothing(const fs::path& path) {
  try {
    return md5_of_gzipped(path);
  } catch (const std::system_error&) {
    throw;
  } catch (const std::runtime_error&) {
    return "";
  }
}

FileCheck check_published(const OriginalFile& file, const std::string& path,
                          const fs::path& folder) {
  const bool gzipped = path.ends_with(".gz");
  FileCheck check{.path = path, .expected_md5 = file.md5};
  check.found_md5 = gzipped ? md5_of_gzipped_or_nothing(folder / path) : md5_of_file(folder / path);
  check.state = check.found_md5 == file.md5 ? FileState::kAsPublished : FileState::kDiffers;
  return check;
}

/// Against what it was when it was fetched, if that is known.
FileCheck check_recorded(const std::string& path, const FetchRecord& record,
                         const fs::path& folder) {
  FileCheck check{.path = path};
  if (!fs::is_regular_file(folder / path)) {
    return check;
  }
  check.found_md5 = md5_of_file(folder / path);
  const auto recorded = record.md5_of.find(path);
  if (recorded == record.md5_of.end()) {
    check.state = FileState::kNotComparable;
    return check;
  }
  check.expected_md5 = recorded->second;
  check.state = check.found_md5 == recorded->second ? FileState::kAsFetched : FileState::kDiffers;
  return check;
}

bool is_fault(const FileCheck& check) {
  return check.state == FileState::kDiffers || check.state == FileState::kMissing;
}

void check_split(const DatasetInfo& info, Split split, const LoadOptions& options,
                 Verification& verification) {
  const bool train = split == Split::kTrain;
  const char* part = train ? "train" : "test";
  LoadOptions quiet = options;
  ImageReport report;
  if (info.of_pictures) {
    quiet.skip_bad = true;
    quiet.report = &report;
  }
  try {
    const Dataset dataset = load_dataset(info.name, split, quiet);
    const std::int64_t count = train ? info.train_count : info.test_count;
    if (count != 0 && dataset.size() != count) {
      verification.faults.push_back(
          fmt::format("{}: expected {} samples, found {}", part, count, dataset.size()));
    } else if (info.class_count != 0 && dataset.class_count() != info.class_count) {
      verification.faults.push_back(fmt::format("{}: expected {} classes, found {}", part,
                                                info.class_count, dataset.class_count()));
    } else {
      verification.notes.push_back(fmt::format("{} loads: {} samples, {} classes", part,
                                               dataset.size(), dataset.class_count()));
    }
  } catch (const Interrupted&) {
    throw;
  } catch (const std::system_error&) {
    throw;
  } catch (const std::runtime_error& error) {
    verification.faults.push_back(fmt::format("{} does not load: {}", part, error.what()));
  }
  for (const FileRemark& bad : report.bad) {
    verification.faults.push_back(fmt::format("{}: {}", bad.file, bad.word));
  }
  for (const FileRemark& note : report.notes) {
    verification.notes.push_back(fmt::format("{}: {}", note.file, note.word));
  }
}

void check_classes(const DatasetInfo& info, const fs::path& folder, Verification& verification) {
  const fs::path file = folder / info.class_names_file;
  if (info.class_names_file.empty() || !fs::exists(file)) {
    return;
  }
  try {
    check_class_order(info.class_names, file);
    verification.notes.push_back(
        fmt::format("{} lists the classes in their order", info.class_names_file));
  } catch (const std::system_error&) {
    throw;
  } catch (const std::runtime_error& error) {
    verification.faults.push_back(error.what());
  }
}

}  // namespace

std::vector<FileCheck> check_files(const DatasetInfo& info, const fs::path& folder) {
  Md5();  // a build without OpenSSL says so here, and not that files differ
  const FetchRecord record = read_fetch_record(folder);
  std::vector<FileCheck> checks;
  for (const OriginalFile& file : info.files) {
    const std::string path = find_original(folder, file.path);
    if (path.empty()) {
      checks.push_back({.path = file.path, .expected_md5 = file.md5});
    } else if (file.md5.empty()) {
      checks.push_back(check_recorded(path, record, folder));
    } else {
      checks.push_back(check_published(file, path, folder));
    }
  }
  for (const auto& [path, md5] : record.md5_of) {
    const bool done = std::ranges::find(checks, path, &FileCheck::path) != checks.end();
    if (!done) {
      checks.push_back(check_recorded(path, record, folder));
    }
  }
  return checks;
}

bool is_complete(const DatasetInfo& info, const fs::path& folder) {
  const std::vector<FileCheck> checks = check_files(info, folder);
  return !checks.empty() && std::ranges::all_of(checks, [](const FileCheck& check) {
    return check.state == FileState::kAsPublished || check.state == FileState::kAsFetched;
  });
}

bool Verification::holds() const {
  return faults.empty() && std::ranges::none_of(files, is_fault);
}

Verification verify_dataset(std::string_view name, const LoadOptions& options) {
  const DatasetInfo& info = dataset_info(name);
  LoadOptions resolved = options;
  if (resolved.folder.empty()) {
    resolved.folder = default_data_folder(name);
  }
  const fs::path& folder = resolved.folder;
  Verification verification;
  try {
    verification.files = check_files(info, folder);
    if (const std::string source = read_fetch_record(folder).source; !source.empty()) {
      verification.notes.push_back("fetched from " + source);
    }
  } catch (const std::system_error&) {
    throw;
  } catch (const std::runtime_error& error) {
    verification.faults.push_back(error.what());
  }
  check_classes(info, folder, verification);
  const bool missing = std::ranges::any_of(verification.files, [](const FileCheck& check) {
    return check.state == FileState::kMissing;
  });
  if (!missing) {
    check_split(info, Split::kTrain, resolved, verification);
    check_split(info, Split::kTest, resolved, verification);
  }
  return verification;
}

}  // namespace tandem
