#pragma once

#include <string>
#include <string_view>

namespace tandem {

enum class LineEnds { kKept, kShown };

/// Text that a terminal shows and does not obey: control characters (of ASCII and of Unicode, those
/// that turn the direction of writing included) and bytes that are no UTF-8 become \x1b and the
/// like; all else stays. For whatever comes from outside, as names of files and classes do, where
/// it is printed.
std::string printable(std::string_view text, LineEnds line_ends = LineEnds::kKept);

}  // namespace tandem
