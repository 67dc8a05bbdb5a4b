#include "made_up_store.h"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "tandem/core/key.h"
#include "tandem/target/store_writer.h"

namespace tandem::bench {

torch::Tensor made_up_probs(std::int64_t rows, std::int64_t classes) {
  RandomStream random({1, Stream::kInit});
  torch::Tensor logits = torch::empty({rows, classes}, torch::kFloat32);
  float* logit = logits.data_ptr<float>();
  for (std::int64_t k = 0; k < logits.numel(); ++k) {
    logit[k] = static_cast<float>(3 * random.normal());
  }
  return torch::softmax(logits, 1);
}

void write_made_up_store(const std::filesystem::path& path, const std::string& encoding,
                         const torch::Tensor& probs, std::int64_t samples, std::int64_t epochs) {
  StoreDescription description;
  description.granularity = {.kind = Granularity::Kind::kView};
  description.epochs = epochs;
  description.content = Content::kProbs;
  description.width = probs.size(1);
  description.temperature = 4;
  description.encoding = Encoding::parse(encoding);
  description.dataset = "made up";
  description.image_shape = {1, 28, 28};
  description.classes = probs.size(1);
  description.samples = samples;
  description.images_crc32 = description.labels_crc32 = "00000000";
  description.teacher = "made up";
  if (description.keys() % probs.size(0) != 0) {
    throw std::invalid_argument(
        fmt::format("a made-up store: expected a multiple of {} rows, got {}", probs.size(0),
                    description.keys()));
  }
  const EncodedRows part = encode(description.encoding, description.content, probs);
  write_store(path, description, {{"samples", torch::arange(samples, torch::kInt64)}},
              std::vector(static_cast<std::size_t>(description.keys() / probs.size(0)), part));
}

}  // namespace tandem::bench
