// The reader of trained models. Behind a wrong fingerprint nothing would be tried, so it is set
// right.

#include "checkpoint_metadata.h"
#include "fuzz_target.h"
#include "tandem/core/safetensors.h"
#include "tandem/model/initialise.h"
#include "tandem/model/weights.h"
#include "temporary_folder.h"
#include "weights_fingerprint.h"

namespace tandem {

void read_input(std::string_view bytes) {
  static const TemporaryFolder folder;
  const MemoryFile input(bytes);
  read_or_refuse([&] { load_model(input.path()); });
  TensorFile file;
  if (!read_or_refuse([&] { file = read_safetensors(input.path()); })) {
    return;
  }
  file.metadata[kContentFingerprintKey] = content_fingerprint(file, kContentFingerprintKey).hex();
  const std::filesystem::path sealed = folder.path() / "sealed";
  write_safetensors(sealed, file);
  read_or_refuse([&] { load_model(sealed); });
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
