#include "tandem/sample/splits.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "subset.h"
#include "tandem/core/fingerprint.h"
#include "tandem/core/mapped_file.h"
#include "training_part.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

std::string identify_folder(const fs::path& folder) {
  std::vector<std::string> lines;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      lines.push_back(fmt::format("{} {} {}", entry.path().string(), entry.file_size(),
                                  entry.last_write_time().time_since_epoch().count()));
    }
  }
  std::sort(lines.begin(), lines.end());
  Fingerprinter fingerprinter;
  for (const std::string& line : lines) {
    fingerprinter.text(line);
  }
  return fingerprinter.digest().hex();
}

std::string folder_name(const fs::path& folder) {
  return (folder / ".").lexically_normal().parent_path().filename().string();
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
  // Pictures of one's own are known by their folder's name, wherever it lies.
  const std::string name = config.name == "image-folder"
                               ? fmt::format("image-folder {}", folder_name(config.folder))
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

std::string identify_data_files(const DataConfig& config) {
  std::vector<fs::path> paths;
  if (config.choose != "random") {
    paths.emplace_back(config.scores);
  }
  if (!config.samples.empty()) {
    paths.emplace_back(config.samples);
  }
  std::string identity;
  for (const fs::path& path : paths) {
    identity += fs::is_directory(path)
                    ? identify_folder(path)
                    : Fingerprinter().bytes(MappedFile(path).bytes()).digest().hex();
  }
  return identity;
}

Dataset load_test_split(const DataConfig& config) {
  return load_dataset(config.name, Split::kTest, load_options(config));
}

}  // namespace tandem
