#pragma once

#include <string>
#include <vector>

namespace tandem {

/// A labelled place on an axis.
struct Tick {
  double value = 0;
  std::string label;
};

/// Map from values to positions on an axis, linear or logarithmic. Values outside the domain go to
/// its nearer end; every position is finite for every finite value.
class Scale {
 public:
  /// Both throw std::invalid_argument unless low < high are finite (and positive for logarithms).
  static Scale linear(double low, double high);
  static Scale logarithmic(double low, double high);

  /// 0 at the low end of the domain, 1 at the high end.
  double position(double value) const;

  /// Round places within the domain, at most `most`: multiples of 1, 2 or 5 times a power of ten.
  std::vector<Tick> ticks(int most) const;

  double low() const { return low_; }
  double high() const { return high_; }

 private:
  Scale(bool logarithmic, double low, double high);

  bool logarithmic_;
  double low_;
  double high_;
};

}  // namespace tandem
