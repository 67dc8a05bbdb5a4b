// The reader of a study's gallery.

#include "fuzz_target.h"
#include "tandem/record/gallery.h"

namespace tandem {

void read_input(std::string_view bytes) {
  const MemoryFile input(bytes);
  read_or_refuse([&] { read_gallery(input.path()); });
}

void write_seeds(const std::filesystem::path& folder) {
  write_gallery(folder / "gallery", {.samples = torch::zeros({2, 1, 2, 2}, torch::kUInt8),
                                     .views = torch::zeros({2, 3, 1, 2, 2}, torch::kUInt8),
                                     .labels = torch::zeros({2}, torch::kInt64),
                                     .targets = {{"a", torch::zeros({2, 3, 4})}}});
}

}  // namespace tandem
