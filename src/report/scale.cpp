#include "scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tandem {
namespace {

std::string tick_label(double value) {
  const double size = std::abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-4)) {
    return fmt::format("{:.0e}", value);
  }
  return fmt::format("{:g}", value);
}

std::vector<Tick> linear_ticks(double low, double high, int most) {
  const double range = high - low;
  double power = std::pow(10.0, std::floor(std::log10(range / most)));
  for (;; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double step = factor * power;
      const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
      if (last - first + 1 <= most) {
        std::vector<Tick> ticks;
        for (double k = first; k <= last; ++k) {
          const double value = k * step + 0.0;  // adding zero turns -0 into 0
          ticks.push_back({value, tick_label(value)});
        }
        return ticks;
      }
    }
  }
}

std::vector<Tick> logarithmic_ticks(double low, double high, int most) {
  const std::vector<std::vector<double>> kFactors = {{1, 2, 5}, {1, 3}, {1}};
  std::vector<Tick> ticks;
  for (const std::vector<double>& factors : kFactors) {
    ticks.clear();
    const int first = static_cast<int>(std::floor(std::log10(low)));
    const int last = static_cast<int>(std::floor(std::log10(high)));
    for (int power = first; power <= last; ++power) {
      for (const double factor : factors) {
        const double value = factor * std::pow(10.0, power);
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
          ticks.push_back({value, tick_label(value)});
        }
      }
    }
    if (static_cast<int>(ticks.size()) <= most) {
      break;
    }
  }
  return ticks.size() >= 2 ? ticks : linear_ticks(low, high, most);
}

}  // namespace

Scale::Scale(bool logarithmic, double low, double high)
    : logarithmic_(logarithmic), low_(low), high_(high) {
  const bool valid = std::isfinite(low) && std::isfinite(high) && low < high;
  if (!valid || (logarithmic && low <= 0)) {
    throw std::invalid_argument(fmt::format("{} scale: expected finite low < high{}, found {}..{}",
                                            logarithmic ? "logarithmic" : "linear",
                                            logarithmic ? " above 0" : "", low, high));
  }
}

Scale Scale::linear(double low, double high) {
  return Scale(false, low, high);
}

Scale Scale::logarithmic(double low, double high) {
  return Scale(true, low, high);
}

double Scale::position(double value) const {
  const double inside = std::clamp(value, low_, high_);
  return logarithmic_ ? std::log(inside / low_) / std::log(high_ / low_)
                      : (inside - low_) / (high_ - low_);
}

std::vector<Tick> Scale::ticks(int most) const {
  const int count = std::max(most, 2);
  return logarithmic_ ? logarithmic_ticks(low_, high_, count) : linear_ticks(low_, high_, count);
}

}  // namespace tandem
