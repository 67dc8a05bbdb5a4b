#pragma once

#include <cstdint>
#include <filesystem>

#include "tandem/core/progress.h"

namespace tandem {

enum class Split { kTrain, kTest };

struct ImageReport;

/// How the files of a data set are read.
struct LoadOptions {
  std::filesystem::path folder;  ///< empty: default_data_folder(name)

  // Of data sets that are made of picture files; others refuse the first two.
  std::int64_t size = 0;  ///< pixels of a side of the square images; 0: the data set's own choice
  bool skip_bad = false;  ///< leave out files that cannot be used, which are an error otherwise
  ImageReport* report = nullptr;  ///< told what became of the files, also where loading fails
  OnProgress on_progress;         ///< where decoding takes its time; what was decoded is kept
};

}  // namespace tandem
