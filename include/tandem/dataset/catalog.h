#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/dataset/dataset_info.h"

namespace tandem {

enum class Split { kTrain, kTest };

struct ImageReport;

/// Called now and then on the loading thread: `share` (0..1) of the work is done, `text` says what
/// is being done. What it throws ends the loading; what was decoded so far is kept.
using LoadProgress = std::function<void(double share, const std::string& text)>;

/// Names of the data sets that load_dataset knows (src/dataset/known_datasets.cpp).
std::vector<std::string> dataset_names();

/// What is known of `name`. Throws std::invalid_argument that lists the known names.
const DatasetInfo& dataset_info(std::string_view name);

/// Folder in which `name` is looked for when none is given: where a package of the system puts its
/// files (Debian's dataset-fashion-mnist), else data/<name>.
std::filesystem::path default_data_folder(std::string_view name);

/// How the files of a data set are read.
struct LoadOptions {
  std::filesystem::path folder;  ///< empty: default_data_folder(name)

  // Of data sets that are made of picture files (see image_folder.h); others refuse the first two.
  std::int64_t size = 0;  ///< pixels of a side of the square images; 0: the data set's own choice
  bool skip_bad = false;  ///< leave out files that cannot be used, which are an error otherwise
  ImageReport* report = nullptr;  ///< told what became of the files, also where loading fails
  LoadProgress on_progress;       ///< where decoding takes its time
};

/// Loads a split of a named data set. Throws std::invalid_argument for an unknown name and
/// std::runtime_error, with a word on how to get the files, where they are missing or malformed, or
/// where a file among them lists the classes otherwise (see check_class_order).
Dataset load_dataset(std::string_view name, Split split, const LoadOptions& options = {});

}  // namespace tandem
