#include "training_part.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <stdexcept>

#include "degradation.h"
#include "label_noise.h"
#include "score_orders.h"
#include "subset.h"
#include "tandem/dataset/catalog.h"
#include "tandem/sample/sample_file.h"
#include "tandem/sample/sample_scores.h"
#include "tandem/sample/splits.h"

namespace tandem {
namespace {

std::uint64_t seed_of(const DataConfig& config) {
  return static_cast<std::uint64_t>(config.seed);
}

std::vector<std::int64_t> first_numbers(std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

/// As the name of a folder, which holds no slash.
std::string folder_name(std::string class_name) {
  std::replace(class_name.begin(), class_name.end(), '/', '_');
  return class_name;
}

/// The classes of `found` in the order of `like`, matched by name.
torch::Tensor labels_by_name(const Dataset& found, const Dataset& like, const std::string& path) {
  std::vector<std::int64_t> class_of;
  for (const std::string& name : found.class_names()) {
    const auto place =
        std::find_if(like.class_names().begin(), like.class_names().end(),
                     [&](const std::string& known) { return folder_name(known) == name; });
    if (place == like.class_names().end()) {
      throw std::runtime_error(fmt::format("{}: '{}' is no class of {}; its classes: {}", path,
                                           name, like.name(), fmt::join(like.class_names(), ", ")));
    }
    class_of.push_back(place - like.class_names().begin());
  }
  return torch::tensor(class_of, torch::kInt64).index_select(0, found.labels());
}

Dataset read_samples(const DataConfig& config, const Dataset& like) {
  if (!std::filesystem::is_directory(config.samples)) {
    const SampleFile file =
        read_sample_file(config.samples, like.image_shape(), like.class_count());
    return Dataset(like.name(), file.images, file.labels, like.class_names());
  }
  const ImageShape wanted = like.image_shape();
  const Dataset found =
      load_dataset("image-folder", Split::kTrain,
                   {.folder = config.samples, .size = wanted.height, .skip_bad = config.skip_bad});
  torch::Tensor images = found.images();
  const torch::Tensor first = images.narrow(1, 0, 1);
  if (wanted.channels == 1 && images.eq(first).all().item<bool>()) {
    images = first.contiguous();  // grey pictures, decoded as colour
  }
  if (images.size(1) != wanted.channels || images.size(3) != wanted.width) {
    throw std::runtime_error(fmt::format(
        "{}: expected images of {}x{}x{} as in {}, found {}x{}x{}", config.samples, wanted.channels,
        wanted.height, wanted.width, like.name(), images.size(1), images.size(2), images.size(3)));
  }
  return Dataset(like.name(), images, labels_by_name(found, like, config.samples),
                 like.class_names());
}

ClassOrders orders_of(const TrainingPart& part, const DataConfig& config) {
  if (config.choose == "random") {
    return random_orders(part.samples, seed_of(config));
  }
  const SampleScores scores = read_scores(config.scores);
  const Fingerprint& found = scores.dataset_fingerprint;
  if (found != part.samples.fingerprint() &&
      found != alter_samples(part, config).samples.fingerprint()) {
    throw std::runtime_error(fmt::format(
        "{}: these scores are of {} samples of {} (fingerprint {}), to choose from are {} samples "
        "of {}, {} (fingerprint {}); score these samples, or give both the same [data]",
        config.scores, scores.samples.size(), scores.dataset, found.hex(), part.samples.size(),
        part.samples.name(), split_text(config), part.samples.fingerprint().hex()));
  }
  if (scores.samples != part.places) {
    throw std::runtime_error(fmt::format(
        "{}: these scores name other places in the training split than there are samples at",
        config.scores));
  }
  return score_orders(scores, config.choose, part.samples, seed_of(config));
}

std::vector<std::int64_t> chosen(const TrainingPart& part, const DataConfig& config) {
  const std::int64_t size = part.samples.size();
  if (config.train > size) {
    throw std::invalid_argument(
        fmt::format("data.train: expected 0 (all) or 1..{}, got {}", size, config.train));
  }
  const ClassOrders orders = orders_of(part, config);
  if (config.per_class > 0) {
    return balanced_subset(orders, config.per_class, part.samples);
  }
  const std::int64_t count =
      config.train > 0 ? config.train : std::llround(config.fraction * static_cast<double>(size));
  if (count < 1) {
    throw std::invalid_argument(
        fmt::format("data.fraction: {} of {} samples is none", config.fraction, size));
  }
  return stratified_subset(orders, count, part.samples.name());
}

}  // namespace

TrainingPart rest_of(const Dataset& all, std::vector<std::int64_t> places) {
  Dataset samples = select(all, places);
  return {std::move(samples), std::move(places)};
}

TrainingPart read_training_part(const DataConfig& config, const Dataset& like) {
  Dataset samples = read_samples(config, like);
  std::vector<std::int64_t> places = first_numbers(samples.size());
  return {std::move(samples), std::move(places)};
}

TrainingPart choose_samples(const TrainingPart& part, const DataConfig& config) {
  const std::vector<std::int64_t> indices = chosen(part, config);
  std::vector<std::int64_t> places;
  for (const std::int64_t index : indices) {
    places.push_back(part.places[static_cast<std::size_t>(index)]);
  }
  return {select(part.samples, indices), std::move(places)};
}

TrainingPart alter_samples(TrainingPart part, const DataConfig& config) {
  const std::string text = samples_text(config);
  const Dataset& samples = part.samples;
  const Degradation degradation = Degradation::parse(config.degrade);
  const bool stays = config.label_noise == 0 && degradation.none();
  if (text.empty() || (stays && samples.is_mapped())) {
    return part;  // a mapped file stays on disk rather than getting a longer name
  }
  torch::Tensor images = samples.images(), labels = samples.labels();
  if (!degradation.none()) {
    images = degradation.apply(images, part.places, seed_of(config));
  }
  if (config.label_noise > 0) {
    labels = noisy_labels(labels, samples.class_count(), config.label_noise,
                          parse_label_noise(config.noise), part.places, seed_of(config));
  }
  Dataset altered(fmt::format("{}, {}", samples.name(), text), images, labels,
                  samples.class_names());
  return {std::move(altered), std::move(part.places)};
}

}  // namespace tandem
