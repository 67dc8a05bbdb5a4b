#include "series_style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace tandem::report {
namespace {

constexpr std::array kMarkers = {Marker::kCircle, Marker::kSquare, Marker::kTriangle,
                                 Marker::kDiamond, Marker::kCross};
constexpr std::size_t kColours = 8;

/// A granularity's own mark; its count, as in "cluster:8", makes no difference. One that is not
/// known here gets the cross.
Marker marker_of(std::string_view granularity) {
  const std::string_view kind = granularity.substr(0, granularity.find(':'));
  return kind == "class"     ? Marker::kCircle
         : kind == "view"    ? Marker::kSquare
         : kind == "sample"  ? Marker::kTriangle
         : kind == "cluster" ? Marker::kDiamond
                             : Marker::kCross;
}

/// Solid for the last (strongest) teacher of the ladder, shorter dashes the weaker it is, dots
/// where there is none.
std::string dash_of(const StudyRecord& study, const CellRecord& cell) {
  constexpr std::array kDashes = {"", "7 3", "4 3", "9 3 2 3"};
  for (std::size_t back = 0; back < study.teachers.size(); ++back) {
    if (study.teachers[study.teachers.size() - 1 - back].name == cell.teacher) {
      return kDashes[std::min(back, kDashes.size() - 1)];
    }
  }
  return "1.5 3";
}

}  // namespace

std::string SeriesStyle::colour_class() const {
  return fmt::format("c{}", colour);
}

std::vector<SeriesStyle> series_styles(const StudyRecord& study) {
  std::vector<SeriesStyle> styles;
  std::size_t next_colour = 0;
  for (const CellRecord& cell : study.cells) {
    SeriesStyle style;
    style.colour = cell.baseline ? 0 : 1 + next_colour++ % (kColours - 1);
    style.dash = dash_of(study, cell);
    style.marker = marker_of(cell.granularity);
    const auto is_taken = [&](Marker marker) {
      return std::any_of(styles.begin(), styles.end(), [&](const SeriesStyle& other) {
        return other.marker == marker && other.dash == style.dash;
      });
    };
    if (is_taken(style.marker)) {
      const auto free = std::find_if_not(kMarkers.begin(), kMarkers.end(), is_taken);
      style.marker = free == kMarkers.end() ? style.marker : *free;
    }
    styles.push_back(style);
  }
  return styles;
}

std::string marker_svg(Marker marker, double x, double y, double radius) {
  const double r = radius;
  switch (marker) {
    case Marker::kCircle:
      return fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>)", x, y, r);
    case Marker::kSquare:
      return fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
                         x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
    case Marker::kTriangle:
      return fmt::format(R"(<path d="M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z"/>)", x,
                         y - 1.25 * r, x + 1.15 * r, y + 0.85 * r, x - 1.15 * r, y + 0.85 * r);
    case Marker::kDiamond:
      return fmt::format(R"(<path d="M{:.1f} {:.1f}l{r:.1f} {r:.1f}l-{r:.1f} {r:.1f}l-{r:.1f} )"
                         R"(-{r:.1f}Z"/>)",
                         x, y - 1.3 * r, fmt::arg("r", 1.3 * r));
    case Marker::kCross:
      return fmt::format(R"(<path class="open" d="M{:.1f} {:.1f}l{w:.1f} {w:.1f}m0 -{w:.1f})"
                         R"(l-{w:.1f} {w:.1f}"/>)",
                         x - r, y - r, fmt::arg("w", 2 * r));
  }
  return "";
}

std::string legend_key_svg(const SeriesStyle& style) {
  return fmt::format(R"(<g class="{}"><path class="line" d="M1 7H33" stroke-dasharray="{}"/>)"
                     R"(<g class="mark">{}</g></g>)",
                     style.colour_class(), style.dash, marker_svg(style.marker, 17, 7, 3.6));
}

}  // namespace tandem::report
