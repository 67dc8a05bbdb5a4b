#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/core/number_text.h"
#include "tandem/record/statistics.h"
#include "tandem/record/study_record.h"
#include "tandem/report/summary.h"

namespace tandem::report {

// How numbers and lists are written for people. What is not a number becomes a dash.

/// "71.25", "-".
std::string decimal(double value, int digits);

/// "71.25 ± 0.80"; the half width is left out where there is none.
std::string with_interval(const Estimate& estimate, int digits);

/// The same with a sign before the mean: "+8.10 ± 1.20".
std::string signed_with_interval(const Estimate& estimate, int digits);

/// "+8.10", "−1.20", "0.00".
std::string with_sign(double value, int digits);

/// Seconds with three significant digits: "0.42", "31.5", "1240".
std::string seconds(double value);

/// "a", "a and b", "a, b and c".
std::string enumerate(const std::vector<std::string>& words);

/// Letters of UTF-8 text (code points; good enough for names in a column).
std::size_t letter_count(std::string_view text);

/// `text` if it has at most `most` letters, else its beginning with an ellipsis.
std::string shorten(const std::string& text, std::size_t most);

/// "0.05, 0.1, 0.2".
std::string rates_text(const StudyRecord& study);

/// Seeds as a range where they are one: "0-4", else "1, 3, 9".
std::string seeds_text(const StudyRecord& study);

/// Seconds as above; "unknown" where they are no number.
std::string seconds_or_unknown(double value);

/// "5", "2–5".
std::string counts_text(const SeedCounts& counts);

/// Whether some of the study's planned trials are not there.
bool is_unfinished(const StudyRecord& study);

}  // namespace tandem::report
