#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/dataset/dataset_info.h"
#include "tandem/dataset/load_options.h"

namespace tandem {

/// Names of the data sets that load_dataset knows: those that come with Tandem
/// (src/dataset/known_datasets.cpp) and those that were registered.
std::vector<std::string> dataset_names();

/// What is known of `name`. Throws std::invalid_argument that lists the known names.
const DatasetInfo& dataset_info(std::string_view name);

/// Folder in which `name` is looked for when none is given: where a package of the system puts its
/// files (Debian's dataset-fashion-mnist), else data/<name>.
std::filesystem::path default_data_folder(std::string_view name);

/// Loads a split of a named data set. Throws std::invalid_argument for an unknown name and
/// std::runtime_error, with a word on how to get the files, where they are missing or malformed, or
/// where a file among them lists the classes otherwise (see check_class_order).
Dataset load_dataset(std::string_view name, Split split, const LoadOptions& options = {});

/// Reads a split of a data set, which is to be called `name` ("<data set>/train" or "/test").
/// `options.folder` is never empty, and `options.size` is positive where the data set is made of
/// pictures.
using DatasetLoader =
    std::function<Dataset(std::string name, Split split, const LoadOptions& options)>;

/// Makes a data set of one's own known by `info.name`, for load_dataset as for `data.name` in a
/// config; of the rest of `info` as much as is known. To be called before anything asks for data
/// sets from another thread, and in every process: workers of a study are processes too. Throws
/// std::invalid_argument for a name that is known already or no name (see Registry), and for no
/// loader.
void register_dataset(DatasetInfo info, DatasetLoader load);

}  // namespace tandem
