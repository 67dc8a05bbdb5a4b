#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "figures.h"
#include "markup.h"
#include "plot.h"
#include "wording.h"

namespace tandem {
namespace {

using namespace report;

constexpr double kWidth = 540, kLeft = 168, kRight = 122, kRow = 19, kGoalHead = 24;

const Estimate& shown(const TimeToAccuracy& time, CurveAxis axis) {
  return axis == CurveAxis::kSteps ? time.steps : time.seconds;
}

double half_width(const Estimate& estimate) {
  return std::isfinite(estimate.half_width) ? estimate.half_width : 0;
}

Scale scale_of(const Summary& summary, CurveAxis axis) {
  double low = INFINITY, high = 0;
  for (const CellSummary& cell : summary.cells) {
    for (const GoalSummary& goal : cell.goals) {
      if (goal.time && shown(*goal.time, axis).mean > 0) {
        const Estimate& time = shown(*goal.time, axis);
        low = std::min(low, std::max(time.mean - half_width(time), 0.5 * time.mean));
        high = std::max(high, time.mean + half_width(time));
      }
    }
  }
  return high > 0 ? Scale::logarithmic(low / 1.1, high * 1.1) : Scale::logarithmic(1, 10);
}

class Rows {
 public:
  Rows(const Scale& scale, CurveAxis axis) : scale_(scale), axis_(axis) {}

  void add_goal(double goal_pct) {
    y_ += kGoalHead;
    content_ += fmt::format("<text class=\"strong\" x=\"4\" y=\"{:.1f}\">first at {:g} %</text>\n",
                            y_ - 5, goal_pct);
  }

  void add_cell(const CellRecord& cell, const SeriesStyle& style,
                const std::optional<TimeToAccuracy>& time) {
    y_ += kRow;
    const double y = y_ - kRow / 2;
    content_ += fmt::format(R"(<text class="key" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)"
                            R"(<path class="grid" d="M{:.1f} {:.1f}H{:.1f}"/>)",
                            kLeft - 10, y + 4, escape_markup(shorten(cell.name, 24)), kLeft, y,
                            kWidth - kRight);
    if (time && shown(*time, axis_).mean > 0) {
      add_dot(cell, style, *time, y);
    } else {
      add_word(time ? "unknown" : "not reached", y);
    }
    content_ += "\n";
  }

  double bottom() const { return y_; }
  const std::string& content() const { return content_; }

 private:
  double x_of(double value) const {
    return kLeft + scale_.position(value) * (kWidth - kLeft - kRight);
  }

  void add_word(const std::string& word, double y) {
    content_ += fmt::format(R"(<text class="note" x="{:.1f}" y="{:.1f}">{}</text>)",
                            kWidth - kRight + 8, y + 4, word);
  }

  void add_dot(const CellRecord& cell, const SeriesStyle& style, const TimeToAccuracy& time,
               double y) {
    const Estimate& estimate = shown(time, axis_);
    const bool in_steps = axis_ == CurveAxis::kSteps;
    const int digits = in_steps ? 0 : 1;
    // Trials that reach a goal at the same evaluation have no spread, which is no precision.
    const bool has_spread = half_width(estimate) > 0;
    const std::string value =
        has_spread ? with_interval(estimate, digits) : decimal(estimate.mean, digits);
    const double half = half_width(estimate);
    content_ += fmt::format(
        R"(<g class="{}"><title>{}</title><path class="error" d="M{:.1f} {:.1f}H{:.1f}"/>)"
        R"(<g class="mark">{}</g></g>)",
        style.colour_class(),
        escape_markup(fmt::format("{}, rate {:g}: {} {}, {} of {} trials", cell.name, time.rate,
                                  value, in_steps ? "steps" : "s", time.reached, time.trials)),
        x_of(estimate.mean - half), y, x_of(estimate.mean + half),
        marker_svg(style.marker, x_of(estimate.mean), y, 4));
    const std::string reached =
        time.reached == time.trials ? "" : fmt::format(" ({}/{})", time.reached, time.trials);
    add_word(value + reached, y);
  }

  const Scale& scale_;
  CurveAxis axis_;
  double y_ = 0;
  std::string content_;
};

}  // namespace

std::string times_to_accuracy_svg(const StudyRecord& study, const Summary& summary,
                                  CurveAxis axis) {
  const Scale scale = scale_of(summary, axis);
  const std::vector<SeriesStyle> styles = series_styles(study);
  Rows rows(scale, axis);
  for (std::size_t goal = 0; goal < study.goals_pct.size(); ++goal) {
    rows.add_goal(study.goals_pct[goal]);
    for (std::size_t k = 0; k < summary.cells.size(); ++k) {
      rows.add_cell(summary.cells[k].cell, styles[k], summary.cells[k].goals[goal].time);
    }
  }
  const double bottom = rows.bottom() + 6;
  std::string content = rows.content();
  for (const Tick& tick : scale.ticks(6)) {
    const double x = kLeft + scale.position(tick.value) * (kWidth - kLeft - kRight);
    content += fmt::format(R"(<path class="axis" d="M{0:.1f} {1:.1f}v5"/><text x="{0:.1f}" )"
                           R"(y="{2:.1f}" text-anchor="middle">{3}</text>)",
                           x, bottom, bottom + 18, tick.label);
  }
  const char* title = axis == CurveAxis::kSteps ? "training steps" : "training time / s";
  content += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}H{:.1f}"/><text class="title" )"
                         R"(x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                         kLeft, bottom, kWidth - kRight, (kLeft + kWidth - kRight) / 2, bottom + 38,
                         title);
  return svg_element(kWidth, bottom + 46, fmt::format("{} until each goal is first reached", title),
                     content);
}

}  // namespace tandem
