#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/dataset/catalog.h"

namespace tandem {

enum class FileState {
  kAsPublished,    ///< the checksum is the published one
  kAsFetched,      ///< none is published; it is what the verified download held
  kNotComparable,  ///< no checksum is known
  kDiffers,
  kMissing,
};

/// How one original file stands.
struct FileCheck {
  std::string path;  ///< below the data folder
  FileState state = FileState::kMissing;
  std::string expected_md5;
  std::string found_md5;  ///< empty where the file is missing or cannot be read
};

/// Compares each original file in `folder` with its published checksum, and each file that
/// fetch_dataset brought with what it was then. Throws std::runtime_error in a build without
/// OpenSSL.
std::vector<FileCheck> check_files(const DatasetInfo& info, const std::filesystem::path& folder);

/// Whether all original files are there and known to be as published or as fetched.
bool is_complete(const DatasetInfo& info, const std::filesystem::path& folder);

/// What is known of the files of a data set.
struct Verification {
  std::vector<FileCheck> files;
  std::vector<std::string> notes;   ///< what else was checked, and holds
  std::vector<std::string> faults;  ///< what else does not hold

  bool holds() const;
};

/// Checks files, the order of the classes by name and, if no file is missing, that both splits load
/// with the size and the classes that they should have; of pictures each that cannot be used is a
/// fault. `options` says where the files are and who is told of progress; throws what that throws,
/// and std::invalid_argument for an unknown name.
Verification verify_dataset(std::string_view name, const LoadOptions& options = {});

}  // namespace tandem
