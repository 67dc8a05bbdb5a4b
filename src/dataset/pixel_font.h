#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem {

constexpr std::int64_t kLetterHeight = 8;  ///< of capitals 7; the eighth row is for descenders

/// Pixels that `text` is wide at scale 1. Letters are as wide as they need, one pixel apart; what
/// is not ASCII is shown as '?'.
std::int64_t text_width(std::string_view text);

/// `text`, cut with ".." where it is wider than `width` pixels.
std::string fit_text(std::string_view text, std::int64_t width);

/// Draws `text` into `canvas`, uint8 [3, height, width], in one grey, `scale` pixels for each of
/// the font's; what falls outside is not drawn.
void draw_text(torch::Tensor& canvas, std::int64_t left, std::int64_t top, std::string_view text,
               std::int64_t scale, std::uint8_t grey);

}  // namespace tandem
