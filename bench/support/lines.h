#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace tandem::bench {

/// A line for people.
template <typename... Values>
void note(fmt::format_string<Values...> format, Values&&... values) {
  fmt::print("# {}\n", fmt::format(format, std::forward<Values>(values)...));
  std::fflush(stdout);
}

/// A figure. It is made so that more is better: good is at or above the goal. Goal 0 means that
/// there is none.
inline void ratio(const std::string& name, double median, double goal) {
  fmt::print("ratio {} {:.4g} goal {:.4g}\n", name, median, goal);
  std::fflush(stdout);
}

}  // namespace tandem::bench
