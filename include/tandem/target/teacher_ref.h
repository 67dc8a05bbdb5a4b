#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tandem/target/ensemble_mean.h"

namespace tandem {

/// Who answers, by name: a rung of a study's ladder or a file, or several that answer as one.
struct TeacherRef {
  std::vector<std::string> names;            ///< empty: nobody
  EnsembleMean mean = EnsembleMean::kProbs;  ///< of several

  /// "a", or "a+b" for an ensemble; a file whose path holds a '+' is one name. Throws
  /// std::invalid_argument for an empty name among several.
  static TeacherRef parse(const std::string& text, EnsembleMean mean = EnsembleMean::kProbs);

  /// Names joined by '+'; empty for nobody.
  std::string text() const;

  bool empty() const { return names.empty(); }
  bool is_ensemble() const { return names.size() > 1; }

  friend bool operator==(const TeacherRef&, const TeacherRef&) = default;
  friend auto operator<=>(const TeacherRef&, const TeacherRef&) = default;
};

}  // namespace tandem
