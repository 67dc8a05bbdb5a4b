#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/data/dataset.h"

namespace tandem {

enum class Split { kTrain, kTest };

/// Names of the data sets that load_dataset knows: cifar10, cifar100, fashion-mnist, mnist and
/// stacked-fashion-mnist (see stack_three).
std::vector<std::string> dataset_names();

/// Folder in which `name` is looked for when none is given, e.g. where Debian's
/// dataset-fashion-mnist puts its files, else data/<name>.
std::filesystem::path default_data_folder(std::string_view name);

/// How the files of a data set are read.
struct LoadOptions {
  std::filesystem::path folder;  ///< empty: default_data_folder(name)
};

/// Loads a split of a named data set. Throws std::invalid_argument for an unknown name and
/// std::runtime_error, with a word on how to get the files, where they are missing or malformed.
Dataset load_dataset(std::string_view name, Split split, const LoadOptions& options = {});

}  // namespace tandem
