#include "study_teachers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "tandem/core/fingerprint.h"
#include "tandem/target/switch_rule.h"

namespace tandem {

bool has_rung(const LadderConfig& ladder, const std::string& teacher) {
  return std::find(ladder.rungs.begin(), ladder.rungs.end(), teacher) != ladder.rungs.end();
}

bool needs_ladder(const StudyPlan& plan) {
  return std::any_of(plan.cells.begin(), plan.cells.end(), [&](const Cell& cell) {
    const std::vector<std::string> teachers = teachers_of(cell.trial.target);
    return std::any_of(teachers.begin(), teachers.end(),
                       [&](const std::string& teacher) { return has_rung(plan.ladder, teacher); });
  });
}

void check_teachers(const StudyPlan& plan) {
  for (const Cell& cell : plan.cells) {
    for (const std::string& teacher : teachers_of(cell.trial.target)) {
      if (!has_rung(plan.ladder, teacher) && !std::filesystem::exists(teacher)) {
        throw std::invalid_argument(fmt::format(
            "study: cell '{}' wants teacher '{}', which is neither a rung of [teach] ({}) "
            "nor a file",
            cell.record.name, teacher, fmt::join(plan.ladder.rungs, ", ")));
      }
    }
  }
}

void identify_teachers(StudyPlan& plan) {
  for (Cell& cell : plan.cells) {
    for (const std::string& teacher : teachers_of(cell.trial.target)) {
      const auto [identity, added] = plan.teacher_identities.try_emplace(teacher);
      if (added) {
        identity->second = has_rung(plan.ladder, teacher)
                               ? config_text(plan.ladder) + config_text(plan.base.data)
                               : fingerprint_of(read_file(teacher)).hex();
      }
      cell.teacher_identity += identity->second;
    }
  }
}

}  // namespace tandem
