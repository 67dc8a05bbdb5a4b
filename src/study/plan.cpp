#include "tandem/study/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <stdexcept>

#include "cell_name.h"
#include "check_names.h"
#include "pairing.h"
#include "tandem/label/student_store.h"
#include "tandem/target/target_store.h"

namespace tandem {
namespace {

/// A cell may change everything but what makes cells comparable: rates and seeds, which are the
/// study's, and the data with its validation split, which the teachers share. What is made of the
/// training part is a cell's own.
void check_overrides(const TrialConfig& cell, const TrialConfig& base) {
  if (cell.train.rate != base.train.rate || cell.seed != base.seed) {
    throw std::invalid_argument(
        "study: a cell cannot set 'train.rate' or 'seed'; list them in 'rates' and 'seeds', which "
        "hold for every cell");
  }
  DataConfig data = base.data;
  data.train = cell.data.train;
  data.fraction = cell.data.fraction;
  data.per_class = cell.data.per_class;
  data.choose = cell.data.choose;
  data.scores = cell.data.scores;
  data.label_noise = cell.data.label_noise;
  data.noise = cell.data.noise;
  data.degrade = cell.data.degrade;
  data.samples = cell.data.samples;
  if (config_text(data) != config_text(cell.data)) {
    throw std::invalid_argument(
        "study: of 'data', a cell can set what is learnt from ('train', 'choose', 'label_noise', "
        "...); which data set it is and what is held out belong in [base], since all cells and "
        "teachers share one validation split");
  }
}

/// Each once: those of ensembles one by one, and by its fingerprint who labelled a store that names
/// nobody.
std::vector<std::string> teachers_behind(const MappingPlan& mappings) {
  std::vector<std::string> teachers;
  for (const PlannedMapping& planned : mappings) {
    std::vector<std::string> names = planned.spec.teacher.names;
    if (names.empty() && !planned.spec.store.empty()) {
      names = {TargetStore(planned.spec.store).description().teacher_fingerprint.hex()};
    }
    for (const std::string& name : names) {
      if (std::ranges::find(teachers, name) == teachers.end()) {
        teachers.push_back(name);
      }
    }
  }
  return teachers;
}

Cell make_cell(const CellConfig& config, const TrialConfig& base) {
  check_overrides(config.trial, base);
  Cell cell{.record = {}, .trial = config.trial, .mappings = {}};
  cell.trial.target = take_from_store(cell.trial.target);
  cell.trial = resolve(cell.trial);
  cell.mappings = plan_mappings(cell.trial.target);
  const MappingSpec& first = cell.mappings.front().spec;
  cell.record = {.name = config.name.empty() ? cell_name(first, cell.trial, base) : config.name,
                 .granularity = first.granularity.text(),
                 .content = std::string(text_of(first.content)),
                 .fusion = first.fusion ? first.fusion->text() : "",
                 .teacher = first.teacher.text(),
                 .baseline = config.baseline,
                 .later_teachers = {},
                 .batch_size = static_cast<double>(cell.trial.train.batch),
                 .paired_in = {},
                 .teachers = teachers_behind(cell.mappings)};
  for (const TeacherRef& teacher : teachers_of(cell.mappings)) {
    if (teacher != first.teacher) {
      cell.record.later_teachers.push_back(teacher.text());
    }
  }
  return cell;
}

void check_lists(const GridConfig& config) {
  const auto require = [](bool holds, std::string_view key, std::string_view expected) {
    if (!holds) {
      throw std::invalid_argument(fmt::format("study: '{}' must be {}", key, expected));
    }
  };
  require(!config.seeds.empty() &&
              std::set(config.seeds.begin(), config.seeds.end()).size() == config.seeds.size(),
          "seeds", "a list of different integers, e.g. [0, 1, 2, 3, 4]");
  require(*std::min_element(config.seeds.begin(), config.seeds.end()) >= 0, "seeds",
          "integers >= 0");
  const auto ascends = [](const auto& values) {
    return !values.empty() &&
           std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
  };
  require(ascends(config.rates) && config.rates.front() > 0, "rates",
          "an ascending list of learning rates, e.g. [0.02, 0.06, 0.2]");
  require(ascends(config.budgets) && config.budgets.front() >= 1, "budgets",
          "an ascending list of steps, e.g. [100, 400]");
}

void check_cells(const std::vector<Cell>& cells) {
  if (cells.empty()) {
    throw std::invalid_argument("study: no [[cell]] table; at least one is needed");
  }
  std::set<std::string> names, trials;
  for (const Cell& cell : cells) {
    check_cell_name(cell.record.name);
    if (!names.insert(cell.record.name).second) {
      throw std::invalid_argument(fmt::format(
          "study: two cells are named '{}'; give them different names or keys", cell.record.name));
    }
    if (!trials.insert(config_text(cell.trial)).second) {
      throw std::invalid_argument(
          fmt::format("study: cell '{}' repeats the trials of another cell", cell.record.name));
    }
  }
}

void mark_baseline(std::vector<Cell>& cells) {
  const auto marked = std::count_if(cells.begin(), cells.end(),
                                    [](const Cell& cell) { return cell.record.baseline; });
  if (marked > 1) {
    throw std::invalid_argument("study: more than one cell says baseline = true");
  }
  if (marked == 0) {
    cells.front().record.baseline = true;
  }
  const auto baseline =
      std::ranges::find_if(cells, [](const Cell& cell) { return cell.record.baseline; });
  for (Cell& cell : cells) {
    cell.record.paired_in = pairing_text(cell.trial, baseline->trial);
  }
}

/// The teachers of all mappings of a cell, those of ensembles one by one.
std::vector<std::string> teacher_names(const Cell& cell) {
  std::vector<std::string> names;
  for (const TeacherRef& teacher : teachers_of(cell.mappings)) {
    names.insert(names.end(), teacher.names.begin(), teacher.names.end());
  }
  return names;
}

void check_teachers(const StudyPlan& plan) {
  for (const Cell& cell : plan.cells) {
    for (const std::string& teacher : teacher_names(cell)) {
      if (!plan.ladder.has_rung(teacher) && !std::filesystem::exists(teacher)) {
        throw std::invalid_argument(fmt::format(
            "study: cell '{}' wants teacher '{}', which is neither a rung of [teach] ({}) "
            "nor a file",
            cell.record.name, teacher, fmt::join(plan.ladder.rungs, ", ")));
      }
    }
  }
}

bool needs_ladder(const StudyPlan& plan) {
  return std::ranges::any_of(plan.cells, [&](const Cell& cell) {
    return std::ranges::any_of(teacher_names(cell),
                               [&](const std::string& name) { return plan.ladder.has_rung(name); });
  });
}

TrialConfig trial_config(const StudyPlan& plan, const Cell& cell, double rate, std::int64_t seed) {
  TrialConfig config = cell.trial;
  config.seed = seed;
  TrainConfig& train = config.train;
  train.rate = rate;
  const std::int64_t last_budget = plan.config.budgets.back();
  if (!has_budget(train)) {
    train.steps = last_budget;
  }
  if (train.steps != 0 && train.steps < last_budget) {
    throw std::invalid_argument(
        fmt::format("study: the last of 'budgets' is {} steps, but train.steps is {}", last_budget,
                    train.steps));
  }
  std::vector<std::int64_t>& looks = train.evaluate_at;
  looks.insert(looks.end(), plan.config.budgets.begin(), plan.config.budgets.end());
  return config;
}

}  // namespace

StudyPlan plan_study(const StudyConfig& config) {
  StudyPlan plan{.config = config.grid,
                 .ladder = config.ladder,
                 .base = config.base,
                 .cells = {},
                 .trials = {},
                 .text = config.text.empty() ? study_text(config) : config.text};
  check_study_name(plan.config.name);
  check_lists(plan.config);
  plan.base.views.policy = ViewPolicy::parse(plan.base.views.policy).text();
  for (const CellConfig& cell : config.cells) {
    plan.cells.push_back(make_cell(cell, plan.base));
  }
  check_cells(plan.cells);
  check_teachers(plan);
  mark_baseline(plan.cells);
  if (!needs_ladder(plan)) {
    plan.ladder.rungs.clear();
  }
  // Seeds outermost: a study that is stopped early has whole replicates.
  for (const std::int64_t seed : plan.config.seeds) {
    for (const double rate : plan.config.rates) {
      for (std::size_t cell = 0; cell < plan.cells.size(); ++cell) {
        plan.trials.push_back(
            {.id = {}, .cell = cell, .config = trial_config(plan, plan.cells[cell], rate, seed)});
      }
    }
  }
  return plan;
}

}  // namespace tandem
