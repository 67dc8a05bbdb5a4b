#include "wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tandem::report {
namespace {

constexpr const char* kNothing = "–";
constexpr const char* kMinus = "−";

bool begins_letter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

std::string typographic(std::string number) {
  if (!number.empty() && number.front() == '-') {
    number.replace(0, 1, kMinus);
  }
  return number;
}

std::string append_half_width(std::string text, const Estimate& estimate, int digits) {
  if (estimate.n > 0 && std::isfinite(estimate.half_width)) {
    text += fmt::format(" ± {:.{}f}", estimate.half_width, digits);
  }
  return text;
}

}  // namespace

std::string decimal(double value, int digits) {
  if (!std::isfinite(value)) {
    return kNothing;
  }
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find_first_of("123456789") == std::string::npos && text.front() == '-') {
    text.erase(0, 1);
  }
  return typographic(text);
}

std::string with_interval(const Estimate& estimate, int digits) {
  return append_half_width(decimal(estimate.mean, digits), estimate, digits);
}

std::string signed_with_interval(const Estimate& estimate, int digits) {
  return append_half_width(with_sign(estimate.mean, digits), estimate, digits);
}

std::string with_sign(double value, int digits) {
  return fmt::format("{}{}", value > 0 ? "+" : "", decimal(value, digits));
}

std::string seconds(double value) {
  if (!std::isfinite(value)) {
    return kNothing;
  }
  const double size = std::abs(value);
  const int digits = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return typographic(fmt::format("{:.{}f}", value, digits));
}

std::string enumerate(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t k = 0; k < words.size(); ++k) {
    text += k == 0 ? "" : k + 1 == words.size() ? " and " : ", ";
    text += words[k];
  }
  return text;
}

std::size_t letter_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_letter));
}

std::string shorten(const std::string& text, std::size_t most) {
  if (letter_count(text) <= most) {
    return text;
  }
  std::size_t letters = 0, end = 0;
  while (end < text.size() && (letters += begins_letter(text[end]) ? 1 : 0) < most) {
    ++end;
  }
  return text.substr(0, end) + "…";
}

std::string rates_text(const StudyRecord& study) {
  return fmt::format("{}", fmt::join(study.rates, ", "));
}

std::string seeds_text(const StudyRecord& study) {
  std::vector<std::uint64_t> seeds = study.seeds;
  std::sort(seeds.begin(), seeds.end());
  const bool is_range = seeds.size() > 2 && seeds.back() - seeds.front() + 1 == seeds.size();
  return is_range ? fmt::format("{}–{}", seeds.front(), seeds.back())
                  : fmt::format("{}", fmt::join(seeds, ", "));
}

std::string seconds_or_unknown(double value) {
  return std::isfinite(value) ? seconds(value) : "unknown";
}

std::string counts_text(const SeedCounts& counts) {
  return counts.fewest == counts.most ? fmt::format("{}", counts.most)
                                      : fmt::format("{}–{}", counts.fewest, counts.most);
}

bool is_unfinished(const StudyRecord& study) {
  return study.trials.size() < study.planned.size();
}

}  // namespace tandem::report
