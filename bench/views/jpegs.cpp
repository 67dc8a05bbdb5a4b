#include <fmt/format.h>
#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "agreement.h"
#include "figures.h"
#include "jpeg_views.h"
#include "lines.h"
#include "pictures.h"
#include "tandem/core/atomic_file.h"
#include "tandem/picture/jpeg.h"
#include "tandem/view/apply.h"
#include "tandem/view/view_policy.h"
#include "timing.h"

namespace tandem::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kJpegViewSide = 224;

/// As ImageNet's are normalised.
const Normalisation kNormalisation{{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}};

struct JpegSize {
  const char* name;
  std::int64_t pictures, height, width;
  double mean_steps;  ///< how far from the peers on average
};

/// The path that a training step takes: read the file, draw, decode, normalise.
torch::Tensor image_of(const fs::path& path, const ViewPolicy& policy, const ViewKey& key,
                       View& view) {
  const std::string bytes = read_file(path);
  const JpegFile file{std::as_bytes(std::span(bytes)), path.string()};
  view = policy.draw(key, shape_of(file), 1);
  return normalise(
      apply_views(std::span(&file, 1), std::span(&view, 1), kJpegViewSide, kJpegViewSide),
      kNormalisation);
}

torch::Tensor images_of(const std::vector<std::string>& paths, const ViewPolicy& policy,
                        std::uint32_t epoch, std::vector<View>& views) {
  std::vector<torch::Tensor> images;
  views.resize(paths.size());
  for (std::size_t k = 0; k < paths.size(); ++k) {
    const ViewKey key{1, epoch, static_cast<std::uint32_t>(k)};
    images.push_back(image_of(paths[k], policy, key, views[k]));
  }
  return torch::cat(images);
}

void measure_size(const Setting& setting, const JpegSize& size) {
  const fs::path folder = setting.folder / size.name;
  fs::create_directory(folder);
  const Dataset pictures = made_up_pictures(size.pictures, size.height, size.width, 3);
  std::vector<std::string> paths;
  nlohmann::json names = nlohmann::json::array(), drawn = nlohmann::json::array();
  double bytes = 0;
  for (std::int64_t k = 0; k < size.pictures; ++k) {
    names.push_back(fmt::format("{}.jpg", k));
    paths.push_back((folder / names.back().get<std::string>()).string());
    // With 4:2:0 chroma and quality 90, as cameras and ImageNet have it.
    write_file_atomically(paths.back(), encode_jpeg(pictures.images()[k], {.quality = 90}));
    bytes += static_cast<double>(fs::file_size(paths.back()));
  }
  const ViewPolicy policy = ViewPolicy::parse("resized-crop:0.08-1,flip");
  std::vector<View> views;
  const torch::Tensor images = images_of(paths, policy, 0, views);
  for (const View& view : views) {
    const auto& [left, top, width, height] = view.crop;
    drawn.push_back({{"box", {left, top, width, height}}, {"flip", view.flip}});
  }
  const nlohmann::json task{{"files", names},
                            {"views", drawn},
                            {"size", kJpegViewSide},
                            {"scale", {0.08, 1}},
                            {"mean", kNormalisation.mean},
                            {"stddev", kNormalisation.stddev}};
  write_file_atomically(folder / "task.json", task.dump());
  write_tensor(folder / "images.f32", images);
  note("JPEGs of {} x {}, 4:2:0, quality 90, {:.0f} kB each, from files in the page cache to",
       size.width, size.height, bytes / 1e3 / static_cast<double>(size.pictures));
  note("resized-crop:0.08-1,flip at {} x {}, normalised fp32", kJpegViewSide, kJpegViewSide);

  Peer peer("make_jpeg_views.py", {folder.string()});
  std::vector<Side> sides{[&](int repeat) {
    return seconds_of(
        [&] { images_of(paths, policy, static_cast<std::uint32_t>(repeat + 1), views); });
  }};
  const std::vector<std::string> rivals{"pil", "tensor"};
  for (const std::string& rival : rivals) {
    check_agreement(peer, rival, size.mean_steps);
    sides.emplace_back(
        [&](int) { return peer.ask_number(fmt::format("time {} {}", rival, paths.size())); });
  }
  const std::vector<std::vector<double>> seconds = take_turns(sides, setting.repeats);
  const auto count = static_cast<double>(paths.size());
  note("  ours {:.0f}, pil {:.0f}, tensor {:.0f} views/s", count / median(seconds[0]),
       count / median(seconds[1]), count / median(seconds[2]));
  const bool pil_is_best = median(seconds[1]) < median(seconds[2]);
  ratio(fmt::format("views-jpeg-224-{}", size.name),
        median_ratio(pil_is_best ? seconds[1] : seconds[2], seconds[0]), 2);
}

}  // namespace

void measure_jpeg(const Setting& setting) {
  measure_size(setting, {"500x375", 48, 375, 500, 1});
  measure_size(setting, {"1600x1200", 8, 1200, 1600, 2});
}

}  // namespace tandem::bench
