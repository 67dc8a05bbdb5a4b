// The parser of safetensors headers alone, many times as fast as with files.

#include "fuzz_target.h"
#include "tandem/core/safetensors.h"

namespace tandem {

void read_input(std::string_view bytes) {
  read_or_refuse([&] {
    const SafetensorsHeader header = parse_safetensors_header(bytes, bytes.size(), "fuzz");
    for (const TensorEntry& entry : header.entries) {
      must_hold(entry.begin <= entry.end && header.data_offset + entry.end <= bytes.size(),
                "tensors stand within the file");
    }
  });
}

void write_seeds(const std::filesystem::path& folder) {
  write_safetensors(folder / "two",
                    {.tensors = {{"a", torch::ones({2}, torch::kBool)}, {"b", torch::ones({1, 2})}},
                     .metadata = {{"k", "v"}}});
  write_safetensors(folder / "none", {.tensors = {}, .metadata = {{"k", "v"}}});
}

}  // namespace tandem
