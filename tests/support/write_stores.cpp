// write_stores FOLDER: writes small target stores, one for each encoding, content and granularity,
// with made-up targets, and beside each what TargetStore reads from it. The tests of the Python
// package compare.

#include <fmt/format.h>
#include <torch/types.h>

#include <filesystem>
#include <numeric>
#include <vector>

#include "tandem/core/safetensors.h"
#include "tandem/target/store_writer.h"
#include "tandem/target/target_store.h"
#include "tandem/view/view_policy.h"
#include "toy_dataset.h"

namespace {

using namespace tandem;

torch::Tensor made_up_targets(const StoreDescription& description) {
  RandomStream random({7, Stream::kInit});
  torch::Tensor targets = torch::empty({description.keys(), description.width});
  float* target = targets.data_ptr<float>();
  for (std::int64_t k = 0; k < targets.numel(); ++k) {
    target[k] = static_cast<float>(3 * random.normal());
  }
  return description.content == Content::kProbs ? torch::softmax(targets, 1) : targets;
}

void write(const std::filesystem::path& folder, const Dataset& dataset, Content content,
           const std::string& encoding, const std::string& granularity) {
  StoreDescription description;
  description.describe(dataset);
  description.granularity = Granularity::parse(granularity);
  description.epochs = description.granularity.per_view() ? 2 : 1;
  description.fusion = description.epochs == 2 ? std::nullopt : std::optional(Fusion{});
  description.content = content;
  description.width = content == Content::kFeatures ? 6 : dataset.class_count();
  description.temperature = content == Content::kProbs ? 4 : 1;
  description.encoding = Encoding::parse(encoding);
  description.teacher = "made up";
  const ViewPolicy policy = ViewPolicy::parse(description.epochs == 2 ? "pad-crop:2,flip" : "none");
  description.views = policy.text();
  description.views_fingerprint = policy.fingerprint();
  description.view_seed = 12345678901234567890u;

  std::map<std::string, torch::Tensor> tables{
      {"samples", torch::arange(dataset.size(), torch::kInt64) * 3}};
  if (granularity.starts_with("cluster")) {
    tables["clusters"] = dataset.labels() * 2;
  }
  const std::string name = fmt::format("{}-{}-{}", text_of(content), encoding, granularity);
  const std::filesystem::path path = folder / (name + ".safetensors");
  write_store(path, description, tables,
              {encode(description.encoding, content, made_up_targets(description))});

  const TargetStore store(path);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(store.count()));
  std::iota(rows.begin(), rows.end(), 0);
  write_safetensors(folder / (name + ".expected.safetensors"),
                    {.tensors = {{"decoded", store.read(rows)}}});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: write_stores FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const Dataset dataset = tandem::toy_dataset(300);
  for (const char* encoding : {"fp32", "fp16", "u8", "top-k:2:fp16", "top-k:2:u8", "top-k:4:u8"}) {
    write(folder, dataset, Content::kProbs, encoding, "view");
  }
  for (const char* encoding : {"fp32", "fp16", "u8"}) {
    write(folder, dataset, Content::kLogits, encoding, "sample");
    write(folder, dataset, Content::kFeatures, encoding, "pool:2");
  }
  write(folder, dataset, Content::kProbs, "u8", "class");
  write(folder, dataset, Content::kProbs, "fp16", "cluster:2");
  // More classes than one byte can name.
  write(folder, tandem::toy_dataset(2, 300, 1, 12), Content::kProbs, "top-k:5:u8", "sample");
  return 0;
}
