#pragma once

#include <string>
#include <string_view>

namespace tandem {

/// `text` made safe to stand in HTML or SVG, between tags or inside a quoted attribute. Control
/// characters other than tab and line feed become a replacement character.
std::string escape_markup(std::string_view text);

}  // namespace tandem
