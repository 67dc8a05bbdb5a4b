#pragma once

#include <string>
#include <vector>

#include "scale.h"
#include "series_style.h"

namespace tandem::report {

struct Axis {
  Scale scale;
  std::string title;  ///< what is shown and its unit
  std::vector<Tick> ticks;
};

/// A point of a series with its interval; `note` is what pointing at it tells.
struct PlotPoint {
  double x = 0;
  double y = 0;
  double low = 0;
  double high = 0;
  std::string note;
};

/// Draws series into a frame with two axes and gives the SVG. Points that are not finite are left
/// out, so no coordinate is ever anything but a number.
class Plot {
 public:
  Plot(double width, double height, Axis x, Axis y);

  // `shift` moves to the right, in units of the drawing.
  void add_band(const std::vector<PlotPoint>& points, const SeriesStyle& style);
  void add_line(const std::vector<PlotPoint>& points, const SeriesStyle& style, double shift = 0);

  /// Markers with their notes.
  void add_markers(const std::vector<PlotPoint>& points, const SeriesStyle& style,
                   double shift = 0);
  void add_error_bars(const std::vector<PlotPoint>& points, const SeriesStyle& style,
                      double shift = 0);

  /// A larger ring around one point.
  void add_ring(const PlotPoint& point, const SeriesStyle& style, double shift = 0);

  /// A vertical line through the whole frame with a word at its top.
  void add_guide(double x, const std::string& label);

  /// The drawing as <g>, to be placed into a larger picture.
  std::string group() const;

  /// The drawing as <svg>; `description` is read out to those who do not see it.
  std::string svg(const std::string& description) const;

 private:
  double x_of(double value) const;
  double y_of(double value) const;
  std::string frame() const;

  double width_;
  double height_;
  Axis x_;
  Axis y_;
  std::string content_;
};

/// `content` in an <svg> of the given size with an accessible description.
std::string svg_element(double width, double height, const std::string& description,
                        const std::string& content);

}  // namespace tandem::report
