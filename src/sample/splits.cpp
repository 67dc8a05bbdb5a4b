#include "tandem/sample/splits.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "subset.h"
#include "training_part.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

std::string folder_name(const fs::path& folder) {
  return (folder / ".").lexically_normal().parent_path().filename().string();
}

/// No for a name that is not registered: samples that a program splits need not be of any data set.
bool is_known_by_folder(const std::string& name) {
  const std::vector<std::string> known = dataset_names();
  return std::find(known.begin(), known.end(), name) != known.end() &&
         dataset_info(name).known_by_folder;
}

}  // namespace

LoadOptions load_options(const DataConfig& config) {
  return {
      .folder = config.folder, .size = config.size, .skip_bad = config.skip_bad, .on_progress = {}};
}

Splits load_splits(const DataConfig& config) {
  check(config);
  return split_samples(load_dataset(config.name, Split::kTrain, load_options(config)), config);
}

Splits split_samples(const Dataset& all, const DataConfig& config) {
  check(config);
  if (config.validation < 1 || config.validation >= all.size()) {
    throw std::invalid_argument(
        fmt::format("data.validation: expected 1..{}, got {}", all.size() - 1, config.validation));
  }
  ValidationSplit split =
      split_validation(all, config.validation, static_cast<std::uint64_t>(config.seed));
  TrainingPart part = config.samples.empty() ? rest_of(all, std::move(split.train))
                                             : read_training_part(config, all);
  if (has_subset(config)) {
    part = choose_samples(part, config);
  }
  part = alter_samples(std::move(part), config);
  const Normalisation normalisation = Normalisation::of(part.samples);
  return {std::move(part.samples), select(all, split.validation), normalisation,
          std::move(part.places)};
}

std::string split_text(const DataConfig& config) {
  // Of the folder only its name, so that the data may be moved.
  const std::string name = is_known_by_folder(config.name)
                               ? fmt::format("{} {}", config.name, folder_name(config.folder))
                               : config.name;
  return fmt::format("{}, {} held out by seed {}", name, config.validation, config.seed);
}

std::string samples_text(const DataConfig& config) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  const auto name_of = [](const std::string& path) { return fs::path(path).filename().string(); };
  if (!config.samples.empty()) {
    add("samples of " + name_of(config.samples));
  }
  if (config.choose != "random") {
    add(fmt::format("{} by {}", config.choose, name_of(config.scores)));
  }
  if (config.label_noise > 0) {
    add(fmt::format("label noise {} {}", config.label_noise, config.noise));
  }
  if (!config.degrade.empty()) {
    add("degraded by " + config.degrade);
  }
  return text;
}

Dataset load_test_split(const DataConfig& config) {
  return load_dataset(config.name, Split::kTest, load_options(config));
}

}  // namespace tandem
