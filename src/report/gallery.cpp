#include "gallery.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "base64.h"
#include "markup.h"
#include "series_style.h"
#include "tandem/picture/png.h"

namespace tandem::report {
namespace {

std::string image_html(const torch::Tensor& image, const std::string& what) {
  return fmt::format("<img alt=\"{}\" src=\"data:image/png;base64,{}\">", escape_markup(what),
                     encode_base64(encode_png(image)));
}

/// Classes that get a bar: all, or of very many the ten largest and the sample's own.
std::vector<std::size_t> classes_to_draw(const std::vector<float>& target, std::int64_t label) {
  constexpr std::size_t kMost = 40, kLargest = 10;
  std::vector<std::size_t> classes(target.size());
  std::iota(classes.begin(), classes.end(), 0);
  if (classes.size() > kMost) {
    std::partial_sort(classes.begin(), classes.begin() + kLargest, classes.end(),
                      [&](std::size_t a, std::size_t b) { return target[a] > target[b]; });
    classes.resize(kLargest);
    const auto own = static_cast<std::size_t>(label);
    if (std::find(classes.begin(), classes.end(), own) == classes.end()) {
      classes.push_back(own);
    }
  }
  return classes;
}

/// Bars over the classes, that of the sample's own class in full colour. Values that are no
/// probabilities (logits) hang from a line at 0.
std::string bars_svg(const std::vector<float>& target, std::int64_t label,
                     const std::vector<std::string>& class_names, const SeriesStyle& style) {
  constexpr double kWidth = 100, kHeight = 44;
  const auto [least, most] = std::minmax_element(target.begin(), target.end());
  const bool is_probability = *least >= 0 && *most <= 1.0001f;
  const double low = is_probability ? 0 : std::min(0.0f, *least);
  const double high = is_probability ? 1 : std::max(*most, static_cast<float>(low) + 1e-6f);
  const auto y_of = [&](double value) { return kHeight * (high - value) / (high - low); };
  const std::vector<std::size_t> classes = classes_to_draw(target, label);
  const double slot = kWidth / static_cast<double>(classes.size());
  std::string bars;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const double from = y_of(0), to = y_of(target[classes[k]]);
    const bool is_own = static_cast<std::int64_t>(classes[k]) == label;
    bars +=
        fmt::format(R"(<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/>)",
                    is_own ? "own" : "other", slot * (static_cast<double>(k) + 0.08),
                    std::min(from, to), 0.84 * slot, std::max(0.4, std::abs(to - from)));
  }
  const auto top = static_cast<std::size_t>(most - target.begin());
  const std::string note = fmt::format("largest: {} {:.2f}", class_names.at(top), *most);
  return fmt::format(
      R"(<svg class="bars {}" viewBox="0 0 {:.0f} {:.0f}" preserveAspectRatio="none" role="img" )"
      R"(aria-label="{}"><title>{}</title>{}<path class="axis" d="M0 {:.1f}H{:.0f}"/></svg>)"
      R"(<span class="top">{:.2f} {}</span>)",
      style.colour_class(), kWidth, kHeight, escape_markup(note), escape_markup(note), bars,
      y_of(0), kWidth, *most, escape_markup(class_names.at(top)));
}

std::vector<float> values_of(const torch::Tensor& target) {
  const torch::Tensor plain = target.to(torch::kFloat32).nan_to_num(0, 0, 0).contiguous();
  return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

/// Mean total variation distance between the targets of two views of one sample: how much of the
/// target mass moves when only the view changes.
double change_between_views(const torch::Tensor& targets) {
  const std::int64_t views = targets.size(1);
  double sum = 0;
  for (std::int64_t a = 0; a < views; ++a) {
    for (std::int64_t b = a + 1; b < views; ++b) {
      sum +=
          0.5 * (targets.select(1, a) - targets.select(1, b)).abs().sum(-1).mean().item<double>();
    }
  }
  return views > 1 ? sum / (static_cast<double>(views * (views - 1)) / 2) : 0;
}

void check(const StudyRecord& study) {
  const Gallery& gallery = study.gallery;
  const bool images_fit = gallery.samples.dim() == 4 && gallery.views.dim() == 5 &&
                          gallery.labels.dim() == 1 &&
                          gallery.views.size(0) == gallery.samples.size(0) &&
                          gallery.labels.size(0) == gallery.samples.size(0);
  if (!images_fit) {
    throw std::invalid_argument(fmt::format(
        "study \"{}\": gallery expected samples [s, c, h, w], views [s, v, c, h, w] and labels [s]",
        study.name));
  }
  const std::vector<std::int64_t> expected = {gallery.samples.size(0), gallery.views.size(1),
                                              static_cast<std::int64_t>(study.class_names.size())};
  for (const auto& [cell, targets] : gallery.targets) {
    if (targets.sizes() != torch::IntArrayRef(expected)) {
      throw std::invalid_argument(
          fmt::format("study \"{}\", gallery targets of cell \"{}\": expected [{}], found [{}]",
                      study.name, cell, fmt::join(expected, ", "),
                      fmt::join(targets.sizes().begin(), targets.sizes().end(), ", ")));
    }
  }
}

std::string sample_html(const StudyRecord& study, const std::vector<SeriesStyle>& styles,
                        std::int64_t sample) {
  const Gallery& gallery = study.gallery;
  const std::int64_t views = gallery.views.size(1);
  const auto label = gallery.labels[sample].item<std::int64_t>();
  const std::string name = escape_markup(study.class_names.at(static_cast<std::size_t>(label)));
  std::string html = fmt::format(
      "<div class=\"wide\"><table class=\"gallery\">\n<thead><tr><th>{}<br>{}</th>", name,
      image_html(gallery.samples[sample], fmt::format("sample {}, unaugmented", sample)));
  for (std::int64_t view = 0; view < views; ++view) {
    html += fmt::format("<td>{}</td>",
                        image_html(gallery.views[sample][view], fmt::format("view {}", view)));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t k = 0; k < study.cells.size(); ++k) {
    const auto targets = gallery.targets.find(study.cells[k].name);
    if (targets == gallery.targets.end()) {
      continue;
    }
    html += fmt::format("<tr><th>{}</th>", escape_markup(study.cells[k].name));
    for (std::int64_t view = 0; view < views; ++view) {
      html += fmt::format("<td>{}</td>", bars_svg(values_of(targets->second[sample][view]), label,
                                                  study.class_names, styles[k]));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace

std::string gallery_html(const StudyRecord& study) {
  const Gallery& gallery = study.gallery;
  if (!gallery.samples.defined() || gallery.samples.size(0) == 0) {
    return "";
  }
  check(study);
  const std::vector<SeriesStyle> styles = series_styles(study);
  std::string html = "<div class=\"galleries\">\n";
  for (std::int64_t sample = 0; sample < gallery.samples.size(0); ++sample) {
    html += sample_html(study, styles, sample);
  }
  html +=
      "</div>\n<p class=\"notes\">How far a target moves from view to view (mean total "
      "variation distance, 0 to 1 for probabilities): ";
  std::string separator;
  for (const CellRecord& cell : study.cells) {
    if (const auto targets = gallery.targets.find(cell.name); targets != gallery.targets.end()) {
      html += fmt::format("{}{} {:.3f}", separator, escape_markup(cell.name),
                          change_between_views(targets->second));
      separator = ", ";
    }
  }
  return html + ".</p>\n";
}

}  // namespace tandem::report
