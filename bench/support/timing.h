#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <vector>

namespace tandem::bench {

/// Wall seconds that `work` takes.
inline double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline double median(std::vector<double> values) {
  if (values.empty()) {
    throw std::invalid_argument("median: expected values, got none");
  }
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// One side of a comparison: does its work for repeat `repeat` and returns the seconds it took.
using Side = std::function<double(int repeat)>;

/// Seconds by side and repeat. The sides take turns, so that a change of the machine's pace meets
/// all of them, and each repeat begins with another side. A first round, `repeat` 0, warms up and
/// does not count; repeats 1..repeats do.
inline std::vector<std::vector<double>> take_turns(const std::vector<Side>& sides, int repeats) {
  std::vector<std::vector<double>> seconds(sides.size());
  for (int repeat = 0; repeat <= repeats; ++repeat) {
    for (std::size_t turn = 0; turn < sides.size(); ++turn) {
      const std::size_t side = (turn + static_cast<std::size_t>(repeat)) % sides.size();
      const double taken = sides[side](repeat);
      if (repeat > 0) {
        seconds[side].push_back(taken);
      }
    }
  }
  return seconds;
}

/// Median over the repeats of `above[r] / below[r]`: how many times faster `below` was.
inline double median_ratio(const std::vector<double>& above, const std::vector<double>& below) {
  std::vector<double> ratios;
  for (std::size_t r = 0; r < above.size(); ++r) {
    ratios.push_back(above[r] / below.at(r));
  }
  return median(ratios);
}

}  // namespace tandem::bench
