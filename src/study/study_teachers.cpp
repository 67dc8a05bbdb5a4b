#include "study_teachers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/core/fingerprint.h"
#include "tandem/label/open_teacher.h"
#include "tandem/target/switch_rule.h"
#include "tandem/target/target_store.h"
#include "tandem/target/teacher_file.h"

namespace tandem {
namespace {

/// The teachers of all mappings of a cell, those of ensembles one by one.
std::vector<std::string> names_of(const Cell& cell) {
  std::vector<std::string> names;
  for (const std::string& teacher : teachers_of(cell.trial.target)) {
    for (const std::string& name : teacher_names(teacher)) {
      names.push_back(name);
    }
  }
  return names;
}

std::string identity_of(const std::string& teacher, const StudyPlan& plan) {
  std::string identity;
  for (const std::string& name : teacher_names(teacher)) {
    identity +=
        has_rung(plan.ladder, name)
            ? config_text(plan.ladder) + config_text(plan.base.data) + plan.base_data_identity
            : identify_teacher_file(name).hex();
  }
  return identity;
}

}  // namespace

bool has_rung(const LadderConfig& ladder, const std::string& teacher) {
  return std::find(ladder.rungs.begin(), ladder.rungs.end(), teacher) != ladder.rungs.end();
}

bool needs_ladder(const StudyPlan& plan) {
  return std::any_of(plan.cells.begin(), plan.cells.end(), [&](const Cell& cell) {
    const std::vector<std::string> names = names_of(cell);
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return has_rung(plan.ladder, name); });
  });
}

void check_teachers(const StudyPlan& plan) {
  for (const Cell& cell : plan.cells) {
    for (const std::string& teacher : names_of(cell)) {
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
        identity->second = identity_of(teacher, plan);
      }
      cell.teacher_identity += identity->second;
    }
    for (const TargetConfig& target : phases(cell.trial.target)) {
      if (!target.store.empty()) {
        cell.teacher_identity += TargetStore(target.store).fingerprint().hex();
      }
    }
  }
}

}  // namespace tandem
