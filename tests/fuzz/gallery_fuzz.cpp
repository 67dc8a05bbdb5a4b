// The reader of a study's gallery.

#include "sealed_copy.h"
#include "tandem/record/gallery.h"

namespace tandem {

void read_input(std::string_view bytes) {
  read_as_it_is_and_sealed(bytes, [](const std::filesystem::path& path) { read_gallery(path); });
}

void write_seeds(const std::filesystem::path& folder) {
  write_gallery(folder / "gallery", {.samples = torch::zeros({2, 1, 2, 2}, torch::kUInt8),
                                     .views = torch::zeros({2, 3, 1, 2, 2}, torch::kUInt8),
                                     .labels = torch::zeros({2}, torch::kInt64),
                                     .targets = {{"a", torch::zeros({2, 3, 4})}}});
}

}  // namespace tandem
