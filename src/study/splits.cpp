#include "tandem/study/splits.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "tandem/data/subset.h"

namespace tandem {

namespace {

std::string folder_name(const std::filesystem::path& folder) {
  return (folder / ".").lexically_normal().parent_path().filename().string();
}

}  // namespace

LoadOptions load_options(const DataConfig& config) {
  return {
      .folder = config.folder, .size = config.size, .skip_bad = config.skip_bad, .on_progress = {}};
}

Splits load_splits(const DataConfig& config) {
  const Dataset all = load_dataset(config.name, Split::kTrain, load_options(config));
  if (config.validation < 1 || config.validation >= all.size()) {
    throw std::invalid_argument(
        fmt::format("data.validation: expected 1..{}, got {}", all.size() - 1, config.validation));
  }
  const auto seed = static_cast<std::uint64_t>(config.seed);
  const ValidationSplit split = split_validation(all, config.validation, seed);
  std::vector<std::int64_t> indices = split.train;
  if (config.train < 0 || config.train > std::ssize(indices)) {
    throw std::invalid_argument(
        fmt::format("data.train: expected 0 (all) or 1..{}, got {}", indices.size(), config.train));
  }
  if (config.train > 0) {
    indices.clear();
    for (const std::int64_t k : stratified_subset(select(all, split.train), config.train, seed)) {
      indices.push_back(split.train[static_cast<std::size_t>(k)]);
    }
  }
  Dataset train = select(all, indices);
  const Normalisation normalisation = Normalisation::of(train);
  return {std::move(train), select(all, split.validation), normalisation, std::move(indices)};
}

std::string split_text(const DataConfig& config) {
  // Pictures of one's own are known by their folder's name, wherever it lies.
  const std::string name = config.name == "image-folder"
                               ? fmt::format("image-folder {}", folder_name(config.folder))
                               : config.name;
  return fmt::format("{}, {} held out by seed {}", name, config.validation, config.seed);
}

Dataset load_test_split(const DataConfig& config) {
  return load_dataset(config.name, Split::kTest, load_options(config));
}

}  // namespace tandem
