#pragma once

#include <string>
#include <vector>

#include "tandem/record/study_record.h"

namespace tandem::report {

enum class Marker { kCircle, kSquare, kTriangle, kDiamond, kCross };

/// How one cell looks in every figure. Colour alone never has to tell two cells apart: dashes tell
/// the teacher, markers the granularity, and where that leaves two alike, another marker is taken.
struct SeriesStyle {
  std::size_t colour = 0;  ///< index of a CSS class "c0".."c7"; 0 is ink, for the baseline
  std::string dash;        ///< value of stroke-dasharray; empty for a solid line
  Marker marker = Marker::kCircle;

  std::string colour_class() const;
};

/// Styles of the study's cells, in their order.
std::vector<SeriesStyle> series_styles(const StudyRecord& study);

/// SVG of a marker around a point.
std::string marker_svg(Marker marker, double x, double y, double radius);

/// SVG of a short line with its marker, as it stands in a legend (34 x 14).
std::string legend_key_svg(const SeriesStyle& style);

}  // namespace tandem::report
