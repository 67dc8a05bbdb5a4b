#include "tandem/study/splits.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/data/subset.h"

namespace tandem {

namespace {

LoadOptions load_options(const DataConfig& config, const LoadProgress& on_progress) {
  return {.folder = config.folder,
          .size = config.size,
          .skip_bad = config.skip_bad,
          .on_progress = on_progress};
}

}  // namespace

Splits load_splits(const DataConfig& config, const LoadProgress& on_progress) {
  const Dataset all = load_dataset(config.name, Split::kTrain, load_options(config, on_progress));
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
  return fmt::format("{}, {} held out by seed {}", config.name, config.validation, config.seed);
}

Dataset load_test_split(const DataConfig& config, const LoadProgress& on_progress) {
  return load_dataset(config.name, Split::kTest, load_options(config, on_progress));
}

}  // namespace tandem
