// The readers of scores and of samples that were made elsewhere.

#include "sealed_copy.h"
#include "tandem/core/safetensors.h"
#include "tandem/sample/sample_file.h"
#include "tandem/sample/sample_scores.h"

namespace tandem {

void read_input(std::string_view bytes) {
  read_as_it_is_and_sealed(bytes, [](const std::filesystem::path& path) { read_scores(path); });
  const MemoryFile input(bytes);
  read_or_refuse([&] { read_sample_file(input.path(), {1, 2, 2}, 3); });
}

void write_seeds(const std::filesystem::path& folder) {
  write_scores(folder / "scores", {.score = "confidence",
                                   .values = torch::tensor({0.5f, 0.25f}),
                                   .samples = {0, 7},
                                   .hard = "low",
                                   .typical = "median",
                                   .dataset = "toy",
                                   .dataset_fingerprint = {.high = 1, .low = 2},
                                   .notes = {{"teacher", "made up"}}});
  const torch::Tensor labels = torch::tensor({0, 2}, torch::kInt64);
  write_safetensors(folder / "bytes",
                    {.tensors = {{"images", torch::ones({2, 1, 2, 2}, torch::kUInt8)},
                                 {"labels", labels},
                                 {"soft_labels", torch::full({2, 3}, 1.0f / 3)}},
                     .metadata = {}});
  write_safetensors(folder / "floats",
                    {.tensors = {{"images", torch::ones({2, 1, 2, 2})}, {"labels", labels}},
                     .metadata = {{"mean", "[0.5]"}, {"std", "0.25"}}});
}

}  // namespace tandem
