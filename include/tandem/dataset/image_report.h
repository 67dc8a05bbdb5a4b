#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tandem {

/// A word on one file or folder of a data set, by its path below the data set's folder.
struct FileRemark {
  std::string file;
  std::string word;
};

/// What became of the files of a data set that is made of pictures.
struct ImageReport {
  std::int64_t listed = 0;        ///< pictures found by name
  std::int64_t used = 0;          ///< of these, pictures in the data set
  std::vector<FileRemark> bad;    ///< what is wrong; loading fails unless bad ones are skipped
  std::vector<FileRemark> notes;  ///< what is odd and used nevertheless
  std::filesystem::path cache;    ///< the file that holds the decoded pictures
  bool decoded = false;           ///< whether it was made by this call
};

}  // namespace tandem
