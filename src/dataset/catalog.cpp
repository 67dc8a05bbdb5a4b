#include "tandem/dataset/catalog.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <system_error>
#include <utility>

#include "found_files_error.h"
#include "known_datasets.h"
#include "tandem/core/interrupted.h"
#include "tandem/dataset/class_order.h"

namespace tandem {
namespace fs = std::filesystem;

std::vector<std::string> dataset_names() {
  return known_datasets().names();
}

const DatasetInfo& dataset_info(std::string_view name) {
  return known_datasets().at(name).info;
}

fs::path default_data_folder(std::string_view name) {
  const DatasetInfo& info = dataset_info(name);
  if (!info.system_folder.empty() && fs::exists(info.system_folder)) {
    return info.system_folder;
  }
  return fs::path("data") / (info.folder.empty() ? info.name : info.folder);
}

namespace {

/// Refuses what only pictures can be asked for.
void check_of_pictures(const DatasetInfo& info, const LoadOptions& options) {
  if (info.of_pictures || (options.size == 0 && !options.skip_bad)) {
    return;
  }
  std::vector<std::string> others;
  for (const std::string& name : dataset_names()) {
    if (dataset_info(name).of_pictures) {
      others.push_back(name);
    }
  }
  throw std::invalid_argument(fmt::format(
      "data.{}: {} has images of {} x {} in files of its own; it is for data sets made of "
      "pictures: {}",
      options.size != 0 ? "size" : "skip_bad", info.name, info.shape.width, info.shape.height,
      fmt::join(others, ", ")));
}

std::string with_advice(const std::string& why, const DatasetInfo& info) {
  return fmt::format("{} (to get the files of {}: {})", why, info.name, info.how_to_get);
}

}  // namespace

Dataset load_dataset(std::string_view name, Split split, const LoadOptions& options) {
  const auto& [info, load] = known_datasets().at(name);
  LoadOptions resolved = options;
  if (resolved.folder.empty()) {
    resolved.folder = default_data_folder(name);
  }
  check_of_pictures(info, options);
  if (info.of_pictures && resolved.size == 0) {
    resolved.size = info.shape.width;
  }
  try {
    const char* part = split == Split::kTrain ? "train" : "test";
    Dataset dataset = load(fmt::format("{}/{}", name, part), split, resolved);
    const fs::path names_file = resolved.folder / info.class_names_file;
    if (!info.class_names_file.empty() && fs::exists(names_file)) {
      check_class_order(dataset.class_names(), names_file);
    }
    return dataset;
  } catch (const Interrupted&) {
    throw;
  } catch (const FoundFilesError&) {
    throw;
  } catch (const std::system_error& error) {
    const bool missing = error.code() == std::errc::no_such_file_or_directory ||
                         error.code() == std::errc::not_a_directory;
    if (!missing || info.how_to_get.empty()) {
      throw;  // fetching the files again would not help
    }
    throw std::runtime_error(with_advice(error.what(), info));
  } catch (const std::runtime_error& error) {
    if (info.how_to_get.empty()) {
      throw;
    }
    throw std::runtime_error(with_advice(error.what(), info));
  }
}

void register_dataset(DatasetInfo info, DatasetLoader load) {
  if (!load) {
    throw std::invalid_argument(
        fmt::format("data set '{}': expected a loader, found none", info.name));
  }
  const std::string name = info.name;
  known_datasets().add(name, {std::move(info), std::move(load)});
}

}  // namespace tandem
