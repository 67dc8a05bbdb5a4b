#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "figures.h"
#include "lines.h"
#include "made_up_store.h"
#include "peer.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/key.h"
#include "tandem/target/target_store.h"
#include "timing.h"

namespace tandem::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kReadSamples = 50'000, kReadEpochs = 200;
constexpr std::int64_t kTargets = kReadSamples * kReadEpochs;
constexpr std::int64_t kClasses = 10;
constexpr std::int64_t kDistinct = 500'000;  ///< made-up targets, over and over
constexpr std::int64_t kReadsTimed = 1 << 20;
constexpr std::int64_t kReadsCompared = 100'000;
constexpr double kGoalPerSecond = 10e6;
constexpr const char* kPeers[] = {"numpy", "torch"};

/// A stretch of the random order. Each turn takes the next one, so that no turn finds the rows of
/// the one before it in the processor's caches.
class Stretches {
 public:
  std::int64_t next() {
    const std::int64_t first = first_;
    first_ = first_ + 2 * kReadsTimed > kTargets ? 0 : first_ + kReadsTimed;
    return first;
  }

 private:
  std::int64_t first_ = 0;
};

void read(const TargetStore& store, std::span<const std::int64_t> rows, std::int64_t batch) {
  const auto step = static_cast<std::size_t>(batch);
  for (std::size_t first = 0; first < rows.size(); first += step) {
    store.read(rows.subspan(first, std::min(step, rows.size() - first)));
  }
}

/// One store with the two ways to read it.
class Comparison {
 public:
  Comparison(const fs::path& folder, const fs::path& path, const fs::path& order_path,
             const std::vector<std::int64_t>& order)
      : folder_(folder),
        path_(path),
        order_(order),
        peer_("read_targets.py", {path.string(), order_path.string()}) {}

  /// Every block's checksum is verified on the way.
  void read_first() {
    store_.emplace(path_);
    const double first_s = seconds_of([&] { read(*store_, stretch(0), 4096); });
    const double verify_s = seconds_of([&] { store_->verify(); });
    note("  opened, first {:.2f} M reads: {:.2f} s, with checksums of the whole file ({:.2f} s)",
         static_cast<double>(kReadsTimed) / 1e6, first_s, verify_s);
  }

  /// Throws std::runtime_error where a peer decodes something else.
  void check_values(const std::string& peer) {
    const fs::path path = folder_ / "peer.f32";
    peer_.ask(fmt::format("write {} 4096 0 {} {}", peer, kReadsCompared, path.string()));
    const std::string theirs = read_file(path);
    const torch::Tensor ours =
        store_->read(std::span(order_).first(static_cast<std::size_t>(kReadsCompared)));
    if (theirs.size() != ours.nbytes()) {
      throw std::runtime_error(fmt::format("peer {}: expected {} bytes of targets, got {}", peer,
                                           ours.nbytes(), theirs.size()));
    }
    torch::Tensor their_values = torch::empty_like(ours);
    std::memcpy(their_values.data_ptr(), theirs.data(), theirs.size());
    if (!torch::allclose(their_values, ours, 1e-6, 1e-9)) {
      throw std::runtime_error(
          fmt::format("{}: peer {} reads other targets", path_.string(), peer));
    }
  }

  double ours(std::int64_t batch) {
    const auto rows = stretch(stretches_.next());
    return seconds_of([&] { read(*store_, rows, batch); });
  }

  double theirs(const std::string& peer, std::int64_t batch) {
    const std::int64_t first = stretches_.next();
    return peer_.ask_number(
        fmt::format("time {} {} {} {}", peer, batch, first, first + kReadsTimed));
  }

 private:
  std::span<const std::int64_t> stretch(std::int64_t first) const {
    return std::span(order_).subspan(static_cast<std::size_t>(first),
                                     static_cast<std::size_t>(kReadsTimed));
  }

  fs::path folder_, path_;
  const std::vector<std::int64_t>& order_;
  std::optional<TargetStore> store_;
  Peer peer_;
  Stretches stretches_;
};

double millions_per_second(double seconds) {
  return static_cast<double>(kReadsTimed) / seconds / 1e6;
}

void compare(Comparison& comparison, const std::string& encoding, std::int64_t batch, int repeats) {
  std::vector<Side> sides{[&](int) { return comparison.ours(batch); }};
  for (const char* peer : kPeers) {
    sides.emplace_back([&comparison, peer, batch](int) { return comparison.theirs(peer, batch); });
  }
  const std::vector<std::vector<double>> seconds = take_turns(sides, repeats);
  const std::vector<double>& ours = seconds[0];
  const std::vector<double>& best =
      median(seconds[1]) < median(seconds[2]) ? seconds[1] : seconds[2];
  note("  batches of {}: {:.2f} M targets/s ({:.2f} to {:.2f}); NumPy {:.2f}, PyTorch {:.2f}",
       batch, millions_per_second(median(ours)),
       millions_per_second(*std::ranges::max_element(ours)),
       millions_per_second(*std::ranges::min_element(ours)),
       millions_per_second(median(seconds[1])), millions_per_second(median(seconds[2])));
  const std::string name = fmt::format("reads_{}_batch{}", encoding, batch);
  ratio(name + "_over_10M_per_s", 1e6 * millions_per_second(median(ours)) / kGoalPerSecond, 1);
  ratio(name + "_over_best_python", median_ratio(best, ours), 1);
}

}  // namespace

void measure_reads(const Setting& setting) {
  note("Random reads of {} M targets of {} classes from a file in the page cache, in batches,",
       kTargets / 1'000'000, kClasses);
  note("through TargetStore::read; {:.2f} M reads a repeat, each target once in a random order.",
       static_cast<double>(kReadsTimed) / 1e6);
  note("Python: memory map, indexing and conversion to fp32 (bench/peers/read_targets.py).");
  const std::vector<std::int64_t> order = permutation(kTargets, {1, Stream::kOrder});
  const fs::path order_path = setting.folder / "order.i64";
  write_file_atomically(order_path, {reinterpret_cast<const char*>(order.data()),
                                     order.size() * sizeof(std::int64_t)});
  const torch::Tensor probs = made_up_probs(kDistinct, kClasses);
  for (const char* encoding : {"u8", "fp16", "fp32"}) {
    const fs::path path = setting.folder / fmt::format("reads-{}.safetensors", encoding);
    write_made_up_store(path, encoding, probs, kReadSamples, kReadEpochs);
    note("{}, {:.0f} MB", encoding, static_cast<double>(fs::file_size(path)) / 1e6);
    Comparison comparison(setting.folder, path, order_path, order);
    comparison.read_first();
    for (const char* peer : kPeers) {
      comparison.check_values(peer);
    }
    for (const std::int64_t batch : {128, 4096}) {
      compare(comparison, encoding, batch, setting.repeats);
    }
    fs::remove(path);
  }
  fs::remove(order_path);
}

}  // namespace tandem::bench
