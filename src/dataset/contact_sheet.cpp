#include "tandem/dataset/contact_sheet.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "pixel_font.h"
#include "tandem/core/key.h"
#include "tandem/core/number_text.h"

namespace tandem {
namespace {

constexpr std::uint8_t kPaper = 255, kInk = 40, kPaleInk = 130;
constexpr std::int64_t kMostPerClass = 64, kMostRows = 40, kMostStrips = 200, kStripColumns = 5;
constexpr std::int64_t kMargin = 24, kGap = 4;
constexpr std::int64_t kTextScale = 2, kTextHeight = kTextScale * kLetterHeight;
constexpr std::int64_t kTitleHeight = kTextHeight + 16;

/// Sizes of a sheet's parts, in pixels.
struct Layout {
  bool strips = false;       ///< small samples below the name instead of beside it
  std::int64_t columns = 1;  ///< of classes
  std::int64_t rows = 1;     ///< of classes
  std::int64_t label = 0;    ///< width of the names beside the samples
  std::int64_t tile_height = 0;
  std::int64_t tile_width = 0;
  std::int64_t cell_width = 0;
  std::int64_t cell_height = 0;
};

/// The scale at which a side of `longest` pixels comes near `wanted`: up by whole factors, which
/// keep pixels square and sharp, or down to it.
std::pair<std::int64_t, std::int64_t> tile_size(const ImageShape& shape, std::int64_t wanted) {
  const std::int64_t longest = std::max(shape.height, shape.width);
  if (longest <= wanted) {
    const std::int64_t factor = wanted / longest;
    return {shape.height * factor, shape.width * factor};
  }
  const auto scaled = [&](std::int64_t side) {
    return std::max<std::int64_t>(1, (side * wanted + longest / 2) / longest);
  };
  return {scaled(shape.height), scaled(shape.width)};
}

Layout lay_out(const Dataset& dataset, std::int64_t classes, std::int64_t per_class) {
  Layout layout;
  layout.strips = classes > kMostRows;
  std::tie(layout.tile_height, layout.tile_width) =
      tile_size(dataset.image_shape(), layout.strips ? 32 : 72);
  const std::int64_t samples = per_class * (layout.tile_width + kGap) - kGap;
  if (layout.strips) {
    layout.columns = kStripColumns;
    layout.cell_width = std::max<std::int64_t>(samples, 240) + 24;
    layout.cell_height = kTextHeight + 6 + layout.tile_height + 14;
  } else {
    for (const std::string& name : dataset.class_names()) {
      layout.label = std::max(layout.label, kTextScale * text_width(name));
    }
    layout.label = std::clamp<std::int64_t>(layout.label, 60, 360) + 20;
    layout.cell_width = layout.label + samples;
    layout.cell_height = std::max(layout.tile_height, 2 * kTextHeight + 4) + kGap;
  }
  layout.rows = (classes + layout.columns - 1) / layout.columns;
  return layout;
}

/// Sample `index` as RGB of the tile's size.
torch::Tensor tile(const Dataset& dataset, std::int64_t index, const Layout& layout) {
  const torch::Tensor image = dataset.images(index, 1)[0];
  const ImageShape shape = dataset.image_shape();
  const torch::Tensor rgb =
      shape.channels == 3 ? image : image.slice(0, 0, 1).expand({3, shape.height, shape.width});
  if (layout.tile_height < shape.height) {
    return torch::adaptive_avg_pool2d(rgb.to(torch::kFloat32),
                                      {layout.tile_height, layout.tile_width})
        .round()
        .to(torch::kUInt8);
  }
  const std::int64_t factor = layout.tile_height / shape.height;
  return rgb.repeat_interleave(factor, 1).repeat_interleave(factor, 2);
}

/// Samples of a class in the order in which a subset of this seed takes them.
std::vector<std::int64_t> choose(const std::vector<std::int64_t>& members, std::int64_t label,
                                 const ContactSheetOptions& options) {
  const Key key{options.seed, Stream::kSubset, 0, static_cast<std::uint32_t>(label)};
  std::vector<std::int64_t> chosen;
  for (const std::int64_t place : permutation(std::ssize(members), key)) {
    if (std::ssize(chosen) == options.per_class) {
      break;
    }
    chosen.push_back(members[static_cast<std::size_t>(place)]);
  }
  return chosen;
}

void draw_class(torch::Tensor& canvas, std::int64_t left, std::int64_t top, const Dataset& dataset,
                std::int64_t label, const std::vector<std::int64_t>& members, const Layout& layout,
                const ContactSheetOptions& options) {
  const std::string& name = dataset.class_names()[static_cast<std::size_t>(label)];
  const std::string count = grouped(std::ssize(members));
  if (layout.strips) {
    const std::int64_t room = (layout.cell_width - 24) / kTextScale - text_width(count) - 6;
    const std::string fitted = fit_text(name, room);
    draw_text(canvas, left, top, fitted, kTextScale, kInk);
    draw_text(canvas, left + kTextScale * (text_width(fitted) + 6), top, count, kTextScale,
              kPaleInk);
    top += kTextHeight + 6;
  } else {
    const std::int64_t text_top = top + (layout.cell_height - kGap - 2 * kTextHeight - 4) / 2;
    draw_text(canvas, left, text_top, fit_text(name, (layout.label - 20) / kTextScale), kTextScale,
              kInk);
    draw_text(canvas, left, text_top + kTextHeight + 4, count, kTextScale, kPaleInk);
    left += layout.label;
  }
  for (const std::int64_t index : choose(members, label, options)) {
    canvas.slice(1, top, top + layout.tile_height)
        .slice(2, left, left + layout.tile_width)
        .copy_(tile(dataset, index, layout));
    left += layout.tile_width + kGap;
  }
}

}  // namespace

torch::Tensor contact_sheet(const Dataset& dataset, const ContactSheetOptions& options) {
  if (options.per_class < 1 || options.per_class > kMostPerClass) {
    throw std::invalid_argument(
        fmt::format("contact sheet: expected 1..{} samples of each class, "
                    "found {}",
                    kMostPerClass, options.per_class));
  }
  std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(dataset.class_count()));
  const std::int64_t* labels = dataset.labels().data_ptr<std::int64_t>();
  for (std::int64_t index = 0; index < dataset.size(); ++index) {
    members[static_cast<std::size_t>(labels[index])].push_back(index);
  }

  const std::int64_t shown = std::min(dataset.class_count(), kMostStrips);
  const Layout layout = lay_out(dataset, shown, options.per_class);
  std::string title = fmt::format("{}: {} images of {}x{}, {} classes", dataset.name(),
                                  grouped(dataset.size()), dataset.image_shape().height,
                                  dataset.image_shape().width, grouped(dataset.class_count()));
  if (shown < dataset.class_count()) {
    title += fmt::format(", {} of them here", shown);
  }
  const std::int64_t width =
      2 * kMargin + std::max(layout.columns * layout.cell_width - (layout.strips ? 24 : 0),
                             kTextScale * text_width(title));
  const std::int64_t height = 2 * kMargin + kTitleHeight + layout.rows * layout.cell_height;
  torch::Tensor canvas = torch::full({3, height, width}, kPaper, torch::kUInt8);
  draw_text(canvas, kMargin, kMargin, title, kTextScale, kInk);
  for (std::int64_t place = 0; place < shown; ++place) {
    const std::int64_t label = place * dataset.class_count() / shown;
    // Down the columns, so that neighbouring classes stand below each other.
    const std::int64_t left = kMargin + place / layout.rows * layout.cell_width;
    const std::int64_t top = kMargin + kTitleHeight + place % layout.rows * layout.cell_height;
    draw_class(canvas, left, top, dataset, label, members[static_cast<std::size_t>(label)], layout,
               options);
  }
  return canvas;
}

}  // namespace tandem
