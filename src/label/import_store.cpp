#include "tandem/label/import_store.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/tensor_bytes.h"
#include "tandem/sample/sample_file.h"
#include "tandem/sample/splits.h"
#include "tandem/target/store_writer.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace fs = std::filesystem;

void ImportConfig::visit(ConfigVisitor& visitor) {
  visitor.field("temperature", temperature);
  visitor.section("data", data);
}

std::string import_store(const ImportConfig& config, const fs::path& store) {
  const std::string& source = config.data.samples;
  if (source.empty() || fs::is_directory(source)) {
    throw std::invalid_argument(
        fmt::format("store import: expected a safetensors file of samples, got '{}'", source));
  }
  if (!(config.temperature > 0)) {
    throw std::invalid_argument(
        fmt::format("temperature: expected a number > 0, got {}", config.temperature));
  }
  const Splits splits = load_splits(config.data);
  const Dataset& samples = splits.train;
  const SampleFile file = read_sample_file(source, samples.image_shape(), samples.class_count());
  const std::string conversion = conversion_text(file);
  if (!file.soft_labels.defined()) {
    throw std::runtime_error(fmt::format(
        "{}: it holds no 'soft_labels' [{}, {}] to make a store of; data.samples = '{}' trains "
        "from its class ids{}",
        source, file.labels.size(0), samples.class_count(), source,
        conversion.empty() ? "" : " (" + conversion + ")"));
  }
  const torch::Tensor places = torch::tensor(splits.train_indices, torch::kInt64);
  const torch::Tensor targets = file.soft_labels.index_select(0, places);

  StoreDescription description;
  description.granularity = {.kind = Granularity::Kind::kSample};
  description.content = Content::kProbs;
  description.width = samples.class_count();
  description.fusion = Fusion{};
  description.temperature = config.temperature;
  description.describe(samples);
  description.teacher = "soft labels of " + fs::path(source).stem().string();
  description.teacher_fingerprint = Fingerprinter().bytes(bytes_of(targets)).digest();
  description.views = ViewPolicy().text();
  description.views_fingerprint = ViewPolicy().fingerprint();
  write_store(store, description, {{"samples", places}},
              {encode(description.encoding, description.content, targets)});
  return conversion;
}

}  // namespace tandem
