#include <fmt/format.h>
#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agreement.h"
#include "figures.h"
#include "lines.h"
#include "pictures.h"
#include "tandem/core/atomic_file.h"
#include "tandem/view/batch_source.h"
#include "timing.h"

namespace tandem::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPictures = 20'000, kSide = 32;
constexpr std::int64_t kBatch = 512;
constexpr std::uint64_t kViewSeed = 2;

/// Another way to make the same views.
struct Rival {
  const char* name;      ///< of the script's peers
  std::int64_t batches;  ///< that take it about a tenth of a second
  double goal;           ///< times as fast as it
  double mean_steps;     ///< how far it may be off on average, in steps of 8 bits
};

struct Contest {
  const char* name;
  const char* policy;
  std::int64_t batches;  ///< of ours a turn
  std::vector<Rival> rivals;
};

nlohmann::json described(const Batch& batch) {
  nlohmann::json rows = nlohmann::json::array();
  for (std::size_t k = 0; k < batch.views.size(); ++k) {
    const View& view = batch.views[k];
    nlohmann::json operations = nlohmann::json::array();
    for (const Operation& operation : view.operations) {
      operations.push_back(
          {{"kind", static_cast<int>(operation.kind)}, {"parameters", operation.parameters}});
    }
    const auto& [left, top, width, height] = view.crop;
    rows.push_back({{"index", batch.indices[k]},
                    {"box", {left, top, width, height}},
                    {"flip", view.flip},
                    {"operations", operations}});
  }
  return rows;
}

/// What the peers are given: pictures, and one batch of views as we drew and made them.
void write_task(const fs::path& folder, const BatchSource& source, const Batch& batch) {
  const Normalisation& normalisation = source.normalisation();
  const nlohmann::json task{{"shape", source.dataset().images().sizes().vec()},
                            {"mean", normalisation.mean},
                            {"stddev", normalisation.stddev},
                            {"batch", source.batch_size()},
                            {"policy", source.policy().text()},
                            {"views", described(batch)}};
  write_file_atomically(folder / "task.json", task.dump());
  write_tensor(folder / "pictures.u8", source.dataset().images());
  write_tensor(folder / "images.f32", batch.images);
}

void measure(const Setting& setting, const Contest& contest) {
  note("{}: {} pictures of {} x {}, batches of {}, to normalised fp32", contest.policy, kPictures,
       kSide, kSide, kBatch);
  const Dataset pictures = made_up_pictures(kPictures, kSide, kSide, 1);
  BatchSource source(pictures, ViewPolicy::parse(contest.policy), Normalisation::of(pictures),
                     {.size = kBatch, .order_seed = 1, .view_seed = kViewSeed});
  write_task(setting.folder, source, source.batch(0));
  Peer peer("make_views.py", {setting.folder.string()});

  std::vector<Side> sides{[&](int repeat) {
    const std::int64_t first = repeat * contest.batches;
    return seconds_of([&] {
             for (std::int64_t step = first; step < first + contest.batches; ++step) {
               source.batch(step);
             }
           }) /
           static_cast<double>(contest.batches * kBatch);
  }};
  for (const Rival& rival : contest.rivals) {
    check_agreement(peer, rival.name, rival.mean_steps);
    sides.emplace_back([&peer, &rival](int) {
      return peer.ask_number(fmt::format("time {} {}", rival.name, rival.batches)) /
             static_cast<double>(rival.batches * kBatch);
    });
  }
  const std::vector<std::vector<double>> seconds = take_turns(sides, setting.repeats);
  note("  ours: {:.0f} views/s", 1 / median(seconds[0]));
  for (std::size_t k = 0; k < contest.rivals.size(); ++k) {
    const Rival& rival = contest.rivals[k];
    note("  {}: {:.0f} views/s", rival.name, 1 / median(seconds[k + 1]));
    ratio(fmt::format("views-{}-{}", contest.name, rival.name),
          median_ratio(seconds[k + 1], seconds[0]), rival.goal);
  }
}

}  // namespace

void measure_pad_crop(const Setting& setting) {
  measure(setting, {"pad-crop-flip",
                    "pad-crop:4,flip",
                    60,
                    {{"pil", 1, 100, 1e-4}, {"tensor", 1, 3, 1e-4}, {"batched", 30, 3, 1e-4}}});
}

void measure_resized_crop(const Setting& setting) {
  measure(setting, {"resized-crop-flip",
                    "resized-crop:0.25-1,flip",
                    40,
                    {{"pil", 1, 50, 0.5}, {"tensor", 1, 3, 0.5}, {"batched", 10, 3, 0.5}}});
}

void measure_color_jitter(const Setting& setting) {
  measure(setting, {"color-jitter",
                    "pad-crop:4,flip,color-jitter:0.4-0.4-0.4-0.1",
                    20,
                    {{"pil", 1, 30, 1}, {"tensor", 1, 3, 1}, {"batched", 2, 3, 2}}});
}

void measure_randaugment(const Setting& setting) {
  measure(setting, {"randaugment",
                    "pad-crop:4,flip,randaugment:2-14",
                    20,
                    {{"pil", 1, 15, 1}, {"tensor", 1, 3, 1}, {"batched", 2, 3, 1}}});
}

}  // namespace tandem::bench
