// The readers of targets in words: encodings, granularities, fusions, contents, events and rules of
// target.switch, label noise and degradations.

#include "degradation.h"
#include "file_bytes.h"
#include "fuzz_target.h"
#include "label_noise.h"
#include "tandem/target/content.h"
#include "tandem/target/encoding.h"
#include "tandem/target/fusion.h"
#include "tandem/target/granularity.h"
#include "tandem/target/mapping_plan.h"

namespace tandem {
namespace {

/// Reads a value and holds its normal form to be one.
template <typename Value>
void read_words(std::string_view text) {
  std::string normal;
  if (read_or_refuse([&] { normal = Value::parse(text).text(); })) {
    must_hold(Value::parse(normal).text() == normal, "the normal form is its own");
  }
}

}  // namespace

void read_input(std::string_view text) {
  read_words<Encoding>(text);
  read_words<Granularity>(text);
  read_words<Fusion>(text);
  read_words<SwitchEvent>(text);
  read_words<SwitchRule>(text);
  read_or_refuse([&] { parse_content(text); });
  read_or_refuse([&] { parse_label_noise(text); });
  read_or_refuse([&] { Degradation::parse(std::string(text)); });
}

void write_seeds(const std::filesystem::path& folder) {
  int number = 0;
  for (const std::string text :
       {"fp16", "u8", "top-k:2:u8", "cluster:3", "pool:8", "mean:4", "canonical", "logits",
        "step:100", "epoch:1.5", "rela:0.999:0.99", "passes-teacher",
        "step:100 granularity=class content=one-hot", "epoch:2 teacher=\"my teacher\"", "symmetric",
        "pairs:3>5,2>0", "jpeg:10", "noise:0.1"}) {
    write_bytes(folder / std::to_string(number++), Bytes(text.begin(), text.end()));
  }
}

}  // namespace tandem
