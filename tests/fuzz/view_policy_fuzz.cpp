// The reader of augmentations in words.

#include "file_bytes.h"
#include "fuzz_target.h"
#include "tandem/view/view_policy.h"

namespace tandem {

void read_input(std::string_view text) {
  std::string normal;
  if (read_or_refuse([&] { normal = ViewPolicy::parse(std::string(text)).text(); })) {
    must_hold(ViewPolicy::parse(normal).text() == normal, "the normal form is its own");
  }
}

void write_seeds(const std::filesystem::path& folder) {
  int number = 0;
  for (const std::string text :
       {"none", "pad-crop:4,flip", "resized-crop:0.08:1,flip,jitter:0.4:0.4:0.4:0.1",
        "randaugment:2:9", "trivialaugment", "mixup:0.2", "cutmix:1", "erase:0.25",
        "rotate:15,translate:0.1"}) {
    write_bytes(folder / std::to_string(number++), Bytes(text.begin(), text.end()));
  }
}

}  // namespace tandem
