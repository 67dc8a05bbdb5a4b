#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "curve.h"
#include "figures.h"
#include "markup.h"
#include "plot.h"
#include "wording.h"

namespace tandem {
namespace {

using namespace report;

struct Series {
  SeriesStyle style;
  std::vector<PlotPoint> points;
};

/// Curves as points, each cell at the rate chosen for the last budget. Step 0 has no place on a
/// logarithmic axis.
std::vector<Series> series_of(const StudyRecord& study, CurveAxis axis) {
  std::vector<Series> all;
  const std::vector<SeriesStyle> styles = series_styles(study);
  for (std::size_t k = 0; k < study.cells.size() && !study.budgets.empty(); ++k) {
    const std::string& cell = study.cells[k].name;
    const std::optional<double> rate = chosen_rate(study, cell, study.budgets.back());
    if (!rate) {
      continue;
    }
    Series series{styles[k], {}};
    for (const CurvePoint& point : learning_curve(study, cell, *rate)) {
      const double x =
          axis == CurveAxis::kSteps ? static_cast<double>(point.step) : point.seconds.mean;
      const auto& [mean, half, n] = point.accuracy;
      if (point.step > 0 && x > 0 && std::isfinite(mean)) {
        series.points.push_back(
            {x, mean, mean - half, mean + half,
             fmt::format("{}, rate {:g}: step {}, {} s, {} %, n = {}", cell, *rate,
                         grouped(point.step), seconds(point.seconds.mean),
                         with_interval(point.accuracy, 2), n)});
      }
    }
    all.push_back(std::move(series));
  }
  return all;
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  bool empty() const { return low > high; }
};

Axis x_axis(const std::vector<Series>& all, CurveAxis axis, int ticks) {
  Range range;
  for (const Series& series : all) {
    for (const PlotPoint& point : series.points) {
      range.include(point.x);
    }
  }
  if (range.empty()) {
    range = {1, 10};
  }
  const Scale scale = Scale::logarithmic(range.low / 1.06, range.high * 1.06);
  const char* title = axis == CurveAxis::kSteps ? "training step" : "training time / s";
  return {scale, title, scale.ticks(ticks)};
}

Axis y_axis(const std::vector<Series>& all) {
  Range range;
  for (const Series& series : all) {
    for (const PlotPoint& point : series.points) {
      range.include(point.y);
      range.include(point.low);
      range.include(point.high);
    }
  }
  if (range.empty()) {
    range = {0, 100};
  }
  const double low = std::max(0.0, 5 * std::floor(range.low / 5));
  const double high = std::max(low + 5, std::min(100.0, 5 * std::ceil(range.high / 5)));
  const Scale scale = Scale::linear(low, high);
  return {scale, "validation accuracy / %", scale.ticks(9)};
}

Plot draw(const StudyRecord& study, CurveAxis axis, double width, double height) {
  const std::vector<Series> all = series_of(study, axis);
  Plot plot(width, height, x_axis(all, axis, static_cast<int>(width / 48)), y_axis(all));
  if (axis == CurveAxis::kSteps) {
    for (const std::int64_t budget : study.budgets) {
      plot.add_guide(static_cast<double>(budget), grouped(budget));
    }
  }
  for (const Series& series : all) {
    plot.add_band(series.points, series.style);
  }
  for (const Series& series : all) {
    plot.add_line(series.points, series.style);
  }
  for (const Series& series : all) {
    plot.add_markers(series.points, series.style);
  }
  return plot;
}

}  // namespace

std::string learning_curves_svg(const StudyRecord& study, CurveAxis axis) {
  const char* against = axis == CurveAxis::kSteps ? "steps" : "seconds";
  return draw(study, axis, 540, 400)
      .svg(fmt::format("Mean validation accuracy of {} cells against training {}",
                       study.cells.size(), against));
}

std::string legend_html(const StudyRecord& study) {
  const std::vector<SeriesStyle> styles = series_styles(study);
  std::string html = "<ul class=\"legend\">\n";
  for (std::size_t k = 0; k < styles.size(); ++k) {
    html += fmt::format(
        "<li><svg class=\"key\" viewBox=\"0 0 34 14\" aria-hidden=\"true\">{}</svg>{}</li>\n",
        legend_key_svg(styles[k]), escape_markup(study.cells[k].name));
  }
  return html + "</ul>\n";
}

std::string curves_file_svg(const StudyRecord& study) {
  constexpr double kWidth = 820, kPlotHeight = 430, kHead = 34, kRow = 22;
  const std::vector<SeriesStyle> styles = series_styles(study);
  std::string legend;
  constexpr std::size_t kColumns = 3;
  for (std::size_t k = 0; k < styles.size(); ++k) {
    legend +=
        fmt::format(R"--(<g transform="translate({:.0f} {:.0f})">{}<text class="key" x="41" )--"
                    R"--(y="11.5">{}</text></g>)--",
                    50 + 252.0 * static_cast<double>(k % kColumns),
                    kHead + kRow * static_cast<double>(k / kColumns), legend_key_svg(styles[k]),
                    escape_markup(study.cells[k].name)) +
        "\n";
  }
  const auto rows = static_cast<double>((styles.size() + kColumns - 1) / kColumns);
  const double top = kHead + kRow * rows + 6;
  const std::string content = "<style>" + figure_css() + "</style>\n" +
                              R"(<rect class="paper" width="100%" height="100%"/>)" +
                              fmt::format("<text class=\"heading\" x=\"50\" y=\"20\">{}</text>\n",
                                          escape_markup(study.title)) +
                              legend + fmt::format("<g transform=\"translate(0 {:.0f})\">", top) +
                              draw(study, CurveAxis::kSteps, kWidth, kPlotHeight).group() +
                              "</g>\n";
  return svg_element(kWidth, top + kPlotHeight, study.title, content);
}

}  // namespace tandem
