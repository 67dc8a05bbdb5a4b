// The reader of trained models.

#include "sealed_copy.h"
#include "tandem/model/initialise.h"
#include "tandem/model/weights.h"

namespace tandem {

void read_input(std::string_view bytes) {
  read_as_it_is_and_sealed(bytes, [](const std::filesystem::path& path) { load_model(path); });
}

void write_seeds(const std::filesystem::path& folder) {
  for (const char* name : {"mlp", "convnet3"}) {
    ModelConfig config;
    config.name = name;
    config.width = 1;
    Model model(config, ImageShape{1, 8, 8}, HeadWidths{.classes = 2});
    initialise(model, 0);
    save_model(folder / name, model, {.mean = {0.5}, .stddev = {0.25}}, {});
  }
}

}  // namespace tandem
