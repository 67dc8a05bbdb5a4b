#include "plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "markup.h"

namespace tandem::report {
namespace {

constexpr double kLeft = 50, kRight = 12, kTop = 20, kBottom = 46;

bool is_drawable(const PlotPoint& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

double low_of(const PlotPoint& point) {
  return std::isfinite(point.low) ? point.low : point.y;
}

double high_of(const PlotPoint& point) {
  return std::isfinite(point.high) ? point.high : point.y;
}

}  // namespace

Plot::Plot(double width, double height, Axis x, Axis y)
    : width_(width), height_(height), x_(std::move(x)), y_(std::move(y)) {}

double Plot::x_of(double value) const {
  return kLeft + x_.scale.position(value) * (width_ - kLeft - kRight);
}

double Plot::y_of(double value) const {
  return height_ - kBottom - y_.scale.position(value) * (height_ - kTop - kBottom);
}

void Plot::add_band(const std::vector<PlotPoint>& points, const SeriesStyle& style) {
  std::string there, back;
  for (const PlotPoint& point : points) {
    if (is_drawable(point)) {
      there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? "M" : "L", x_of(point.x),
                           y_of(high_of(point)));
      back = fmt::format("L{:.1f} {:.1f}", x_of(point.x), y_of(low_of(point))) + back;
    }
  }
  if (!there.empty()) {
    content_ +=
        fmt::format(R"(<path class="band {}" d="{}{}Z"/>)", style.colour_class(), there, back) +
        "\n";
  }
}

void Plot::add_line(const std::vector<PlotPoint>& points, const SeriesStyle& style, double shift) {
  std::string path;
  for (const PlotPoint& point : points) {
    if (is_drawable(point)) {
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x_of(point.x) + shift,
                          y_of(point.y));
    }
  }
  if (!path.empty()) {
    content_ += fmt::format(R"(<path class="line {}" stroke-dasharray="{}" d="{}"/>)",
                            style.colour_class(), style.dash, path) +
                "\n";
  }
}

void Plot::add_markers(const std::vector<PlotPoint>& points, const SeriesStyle& style,
                       double shift) {
  content_ += fmt::format(R"(<g class="mark {}">)", style.colour_class());
  for (const PlotPoint& point : points) {
    if (is_drawable(point)) {
      content_ += fmt::format("<g><title>{}</title>{}</g>", escape_markup(point.note),
                              marker_svg(style.marker, x_of(point.x) + shift, y_of(point.y), 3.2));
    }
  }
  content_ += "</g>\n";
}

void Plot::add_error_bars(const std::vector<PlotPoint>& points, const SeriesStyle& style,
                          double shift) {
  for (const PlotPoint& point : points) {
    if (is_drawable(point) && high_of(point) > low_of(point)) {
      content_ +=
          fmt::format(R"(<path class="error {}" d="M{:.1f} {:.1f}V{:.1f}"/>)", style.colour_class(),
                      x_of(point.x) + shift, y_of(low_of(point)), y_of(high_of(point)));
    }
  }
}

void Plot::add_ring(const PlotPoint& point, const SeriesStyle& style, double shift) {
  if (is_drawable(point)) {
    content_ += fmt::format(R"(<circle class="ring {}" cx="{:.1f}" cy="{:.1f}" r="7"/>)",
                            style.colour_class(), x_of(point.x) + shift, y_of(point.y));
  }
}

void Plot::add_guide(double x, const std::string& label) {
  if (std::isfinite(x)) {
    content_ +=
        fmt::format(R"(<path class="guide" d="M{0:.1f} {1:.1f}V{2:.1f}"/>)"
                    R"(<text class="note" x="{0:.1f}" y="{3:.1f}" text-anchor="middle">{4}</text>)",
                    x_of(x), kTop, height_ - kBottom, kTop - 6, escape_markup(label)) +
        "\n";
  }
}

std::string Plot::frame() const {
  std::string frame;
  for (const Tick& tick : y_.ticks) {
    frame += fmt::format(R"(<path class="grid" d="M{:.1f} {y:.1f}H{:.1f}"/>)"
                         R"(<text x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)",
                         kLeft, width_ - kRight, kLeft - 7, y_of(tick.value) + 4,
                         escape_markup(tick.label), fmt::arg("y", y_of(tick.value)));
  }
  for (const Tick& tick : x_.ticks) {
    frame += fmt::format(R"(<path class="axis" d="M{x:.1f} {:.1f}v5"/>)"
                         R"(<text x="{x:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                         height_ - kBottom, height_ - kBottom + 18, escape_markup(tick.label),
                         fmt::arg("x", x_of(tick.value)));
  }
  const double middle = (kTop + height_ - kBottom) / 2;
  frame +=
      fmt::format(R"(<path class="axis" d="M{0:.1f} {1:.1f}H{2:.1f}"/>)"
                  R"(<text class="title" x="{3:.1f}" y="{4:.1f}" text-anchor="middle">{5}</text>)"
                  R"--(<text class="title" transform="translate(15 {6:.1f}) rotate(-90)" )--"
                  R"--(text-anchor="middle">{7}</text>)--"
                  "\n",
                  kLeft, height_ - kBottom, width_ - kRight, (kLeft + width_ - kRight) / 2,
                  height_ - 8, escape_markup(x_.title), middle, escape_markup(y_.title));
  return frame;
}

std::string Plot::group() const {
  return "<g>" + frame() + content_ + "</g>\n";
}

std::string Plot::svg(const std::string& description) const {
  return svg_element(width_, height_, description, frame() + content_);
}

std::string svg_element(double width, double height, const std::string& description,
                        const std::string& content) {
  return fmt::format(
      "<svg class=\"plot\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "role=\"img\" aria-label=\"{2}\">\n{3}</svg>\n",
      width, height, escape_markup(description), content);
}

}  // namespace tandem::report
