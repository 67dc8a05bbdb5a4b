#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "figures.h"
#include "lines.h"
#include "made_up_store.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/safetensors.h"
#include "tandem/target/target_store.h"

namespace tandem::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kBytesSamples = 200;
constexpr std::int64_t kBytesEpochs = 300;  // as many as published students see

/// The largest difference of an 8-bit probability, its row's sum included; see
/// docs/target-store.md.
constexpr double kBytesTolerance = 0.05;

struct Bytes {
  double row = 0;     ///< the tensors with one row a target
  double target = 0;  ///< the whole file but its header, divided by the targets
};

/// Checks that the store gives back the first rows of `probs`, as far as it keeps them.
void check_bytes(const fs::path& path, const torch::Tensor& probs) {
  const TargetStore store(path);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(probs.size(0)));
  std::iota(rows.begin(), rows.end(), 0);
  const torch::Tensor read = store.read(rows);
  const std::int64_t top_k = store.description().encoding.top_k;
  const auto [values, classes] = probs.topk(top_k > 0 ? top_k : probs.size(1), 1);
  const double error = (read.gather(1, classes) - values).abs().max().item<double>();
  if (!(error <= kBytesTolerance)) {
    throw std::runtime_error(fmt::format("{}: a probability is off by {}", path.string(), error));
  }
}

Bytes bytes_of(const fs::path& folder, const std::string& encoding, std::int64_t classes) {
  const fs::path path = folder / fmt::format("bytes-{}-{}.safetensors", classes, encoding);
  const torch::Tensor probs = made_up_probs(kBytesSamples, classes);
  write_made_up_store(path, encoding, probs, kBytesSamples, kBytesEpochs);
  check_bytes(path, probs);

  const auto targets = static_cast<double>(kBytesSamples * kBytesEpochs);
  const std::string content = read_file(path);
  const SafetensorsHeader header = parse_safetensors_header(content, content.size(), path.string());
  Bytes bytes{.target = static_cast<double>(content.size() - header.data_offset) / targets};
  for (const TensorEntry& entry : header.entries) {
    if (!entry.shape.empty() && entry.shape[0] == kBytesSamples * kBytesEpochs) {
      bytes.row += static_cast<double>(entry.end - entry.begin) / targets;
    }
  }
  note("{} of {} classes: {:.3f} B a row, {:.3f} B a target with checksums and sample ids;",
       encoding, classes, bytes.row, bytes.target);
  note("  the header takes {} B of the file", header.data_offset);
  fs::remove(path);
  return bytes;
}

}  // namespace

void measure_bytes(const Setting& setting) {
  note("Bytes of one stored view, from files of {} samples x {} epochs. Others' formats store the",
       kBytesSamples, kBytesEpochs);
  note(
      "crop and flip beside the targets (FKD 57 B with top 5, SRe2L 2C + 17 B, TinyViT 4 + 4K B);");
  note("here a view follows from seed, epoch and sample, so nothing is stored for it.");
  const Bytes top5 = bytes_of(setting.folder, "top-k:5:u8", 1000);
  const Bytes dense1000 = bytes_of(setting.folder, "u8", 1000);
  const Bytes dense10 = bytes_of(setting.folder, "u8", 10);
  ratio("bytes_3K_over_top5_row_of_1000", 15 / top5.row, 1);
  ratio("bytes_3K_over_top5_file_of_1000", 15 / top5.target, 0.99);
  ratio("bytes_C_over_u8_row_of_10", 10 / dense10.row, 1);
  ratio("bytes_C_over_u8_file_of_10", 10 / dense10.target, 0.99);
  ratio("bytes_fkd_top5_over_top5_of_1000", 57 / top5.target, 1);
  ratio("bytes_tinyvit_top5_over_top5_of_1000", (4 + 4 * 5) / top5.target, 1);
  ratio("bytes_sre2l_dense_over_u8_of_1000", (2 * 1000 + 17) / dense1000.target, 1);
}

}  // namespace tandem::bench
