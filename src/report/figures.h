#pragma once

#include <cstdint>
#include <string>

#include "tandem/record/study_record.h"
#include "tandem/report/summary.h"

namespace tandem {

// Figures of a study as SVG. They are coloured by the style sheet of figure_css(), which follows
// the reader's choice of a light or a dark page.

/// Against what learning curves are drawn, both on a logarithmic axis.
enum class CurveAxis { kSteps, kSeconds };

/// Mean validation accuracy with 95 % bands, each cell at the rate chosen for the last budget.
std::string learning_curves_svg(const StudyRecord& study, CurveAxis axis);

/// Dots with intervals: when each cell first reaches each goal.
std::string times_to_accuracy_svg(const StudyRecord& study, const Summary& summary, CurveAxis axis);

/// Validation accuracy after `budget` steps against the learning rate, with 95 % error bars; the
/// chosen rate wears a ring.
std::string rate_sensitivity_svg(const StudyRecord& study, std::int64_t budget);

/// Keys of all cells as an HTML list.
std::string legend_html(const StudyRecord& study);

/// learning_curves_svg against steps with legend, background and colours of its own: a file that
/// stands alone.
std::string curves_file_svg(const StudyRecord& study);

/// Style sheet of the figures, with the colours as CSS variables.
std::string figure_css();

}  // namespace tandem
