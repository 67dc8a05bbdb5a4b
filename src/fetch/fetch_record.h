#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace tandem {

/// What fetch_dataset brought: a text file in the data folder that `md5sum --check` reads, too.
struct FetchRecord {
  std::string source;                         ///< empty: there is no record
  std::map<std::string, std::string> md5_of;  ///< by path below the data folder
};

constexpr const char* kFetchRecordFile = "fetched.md5";

void write_fetch_record(const std::filesystem::path& folder, const FetchRecord& record);

/// Throws std::runtime_error that names the file and the line if it is malformed.
FetchRecord read_fetch_record(const std::filesystem::path& folder);

}  // namespace tandem
