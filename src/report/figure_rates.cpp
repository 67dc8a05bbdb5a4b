#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "curve.h"
#include "figures.h"
#include "plot.h"
#include "wording.h"

namespace tandem {
namespace {

using namespace report;

constexpr double kMostShown = 4;  ///< points of an interval that must fit into the frame

/// Accuracy of a cell after `budget` steps at every rate of the grid.
std::vector<PlotPoint> points_of(const StudyRecord& study, const std::string& cell,
                                 std::int64_t budget, const std::vector<double>& rates) {
  std::vector<PlotPoint> points;
  for (const double rate : rates) {
    std::vector<double> accuracies;
    for (const TrialRecord* trial : trials_of(study, cell, rate)) {
      if (const auto accuracy = validation_after(study, *trial, budget)) {
        accuracies.push_back(*accuracy);
      }
    }
    const Estimate estimate = estimate_mean(accuracies);
    if (estimate.n > 0) {
      points.push_back({rate, estimate.mean, estimate.mean - estimate.half_width,
                        estimate.mean + estimate.half_width,
                        fmt::format("{}, rate {:g}, step {}: {} %, n = {}", cell, rate,
                                    grouped(budget), with_interval(estimate, 2), estimate.n)});
    }
  }
  return points;
}

double half_width_of(const PlotPoint& point) {
  return std::isfinite(point.high) ? point.high - point.y : 0;
}

Axis rate_axis(const std::vector<double>& rates) {
  std::vector<Tick> ticks;
  for (const double rate : rates) {
    ticks.push_back({rate, fmt::format("{:g}", rate)});
  }
  const double low = rates.empty() ? 0.1 : rates.front(), high = rates.empty() ? 1 : rates.back();
  return {Scale::logarithmic(low / 1.35, high * 1.35), "peak learning rate", ticks};
}

}  // namespace

std::string rate_sensitivity_svg(const StudyRecord& study, std::int64_t budget) {
  std::vector<double> rates = study.rates;
  std::erase_if(rates, [](double rate) { return !(rate > 0 && std::isfinite(rate)); });
  std::sort(rates.begin(), rates.end());
  std::vector<std::vector<PlotPoint>> all;
  double low = 100, high = 0;
  for (const CellRecord& cell : study.cells) {
    all.push_back(points_of(study, cell.name, budget, rates));
    for (const PlotPoint& point : all.back()) {
      // A rate at which some trials diverge has a huge interval; it may leave the frame.
      low = std::min(low, point.y - std::min(half_width_of(point), kMostShown));
      high = std::max(high, point.y + std::min(half_width_of(point), kMostShown));
    }
  }
  low = std::clamp(2 * std::floor(low / 2), 0.0, 95.0);
  high = std::max(low + 2, std::min(100.0, 2 * std::ceil(high / 2)));
  const Scale y = Scale::linear(low, high);
  Plot plot(360, 290, rate_axis(rates), {y, "validation accuracy / %", y.ticks(6)});
  const std::vector<SeriesStyle> styles = series_styles(study);
  for (std::size_t k = 0; k < all.size(); ++k) {
    // Cells stand side by side at each rate, so that no error bar hides another.
    const double shift = 5 * (static_cast<double>(k) - (static_cast<double>(all.size()) - 1) / 2);
    plot.add_line(all[k], styles[k], shift);
    plot.add_error_bars(all[k], styles[k], shift);
    plot.add_markers(all[k], styles[k], shift);
    const auto chosen = chosen_rate(study, study.cells[k].name, budget);
    for (const PlotPoint& point : all[k]) {
      if (chosen && point.x == *chosen) {
        plot.add_ring(point, styles[k], shift);
      }
    }
  }
  return plot.svg(
      fmt::format("Validation accuracy after {} steps against the learning rate", grouped(budget)));
}

}  // namespace tandem
