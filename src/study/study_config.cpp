#include "tandem/study/study_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>

#include "cell_name.h"
#include "study_teachers.h"
#include "tandem/core/fingerprint.h"
#include "tandem/label/student_store.h"
#include "tandem/sample/splits.h"
#include "tandem/target/switch_rule.h"

namespace tandem {
namespace {

/// The keys of a [[cell]] that are not the trial's.
struct CellKeys {
  std::string name;
  bool baseline = false;
};

class CellVisitor {
 public:
  CellKeys keys;
  TrialConfig trial;

  void visit(ConfigVisitor& visitor) {
    visitor.field("name", keys.name);
    visitor.field("baseline", keys.baseline);
    trial.visit(visitor);
  }
};

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

Cell make_cell(const ConfigTable& table, const TrialConfig& base) {
  CellVisitor cell;
  cell.trial = base;
  table.read_into(cell);
  check_overrides(cell.trial, base);
  cell.trial.target = take_from_store(cell.trial.target);
  cell.trial = resolve(cell.trial);
  const TargetConfig& target = cell.trial.target;
  std::vector<std::string> later_teachers = teachers_of(target);
  std::erase(later_teachers, target.teacher);
  return {.record = {.name = cell.keys.name.empty() ? cell_name(cell.trial, base) : cell.keys.name,
                     .granularity = target.granularity,
                     .content = target.content,
                     .fusion = target.fusion,
                     .teacher = target.teacher,
                     .baseline = cell.keys.baseline,
                     .later_teachers = later_teachers},
          .trial = cell.trial,
          .data_identity = identify_data_files(cell.trial.data)};
}

void check_lists(const StudyConfig& config) {
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
  std::set<std::string> names;
  for (const Cell& cell : cells) {
    if (!names.insert(cell.record.name).second) {
      throw std::invalid_argument(fmt::format(
          "study: two cells are named '{}'; give them different names or keys", cell.record.name));
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
}

PlannedTrial make_trial(const StudyPlan& plan, std::size_t cell, double rate, std::int64_t seed) {
  PlannedTrial trial{.id = {}, .cell = cell, .config = plan.cells[cell].trial};
  trial.config.seed = seed;
  TrainConfig& train = trial.config.train;
  train.rate = rate;
  const std::int64_t last_budget = plan.config.budgets.back();
  if (train.steps == 0 && train.samples == 0 && train.epochs == 0) {
    train.steps = last_budget;
  }
  if (train.steps != 0 && train.steps < last_budget) {
    throw std::invalid_argument(
        fmt::format("study: the last of 'budgets' is {} steps, but train.steps is {}", last_budget,
                    train.steps));
  }
  std::vector<std::int64_t>& looks = train.evaluate_at;
  looks.insert(looks.end(), plan.config.budgets.begin(), plan.config.budgets.end());

  Fingerprinter hash;
  hash.text(config_text(trial.config));
  hash.text(plan.cells[cell].teacher_identity);
  hash.text(plan.cells[cell].data_identity);
  trial.id = fmt::format("{}-r{}-s{}-{}", slug(plan.cells[cell].record.name), rate, seed,
                         hash.digest().hex().substr(0, 8));
  return trial;
}

}  // namespace

void StudyConfig::visit(ConfigVisitor& visitor) {
  visitor.field("name", name);
  visitor.field("title", title);
  visitor.field("command", command);
  visitor.field("expected_time", expected_time);
  visitor.field("seeds", seeds);
  visitor.field("rates", rates);
  visitor.field("budgets", budgets);
  visitor.field("goals", goals);
  visitor.field("keep_weights", keep_weights);
}

std::vector<PlannedTrial> phases(const PlannedTrial& planned) {
  std::vector<PlannedTrial> trials;
  for (const TargetConfig& target : phases(planned.config.target)) {
    trials.push_back(planned);
    trials.back().config.target = target;
  }
  return trials;
}

StudyPlan plan_study(const ConfigTable& table) {
  StudyPlan plan;
  plan.text = table.to_text();
  ConfigTable top = table;
  const ConfigTable teach = top.take_table("teach");
  const ConfigTable base_table = top.take_table("base");
  const std::vector<ConfigTable> cell_tables = top.take_tables("cell");
  top.read_into(plan.config);
  teach.read_into(plan.ladder);
  base_table.read_into(plan.base);
  check_lists(plan.config);

  for (const ConfigTable& cell_table : cell_tables) {
    for (const ConfigTable& one : cell_table.expand_lists({"train.evaluate_at", "target.switch"})) {
      plan.cells.push_back(make_cell(one, plan.base));
    }
  }
  plan.base_data_identity = identify_data_files(plan.base.data);
  check_cells(plan.cells);
  check_teachers(plan);
  mark_baseline(plan.cells);
  if (!needs_ladder(plan)) {
    plan.ladder.rungs.clear();
  }
  identify_teachers(plan);

  std::set<std::string> ids;
  // Seeds outermost: a study that is stopped early has whole replicates.
  for (const std::int64_t seed : plan.config.seeds) {
    for (const double rate : plan.config.rates) {
      for (std::size_t cell = 0; cell < plan.cells.size(); ++cell) {
        plan.trials.push_back(make_trial(plan, cell, rate, seed));
        if (!ids.insert(plan.trials.back().id).second) {
          throw std::invalid_argument(fmt::format(
              "study: cell '{}' repeats the trials of another cell", plan.cells[cell].record.name));
        }
      }
    }
  }
  return plan;
}

StudyPlan plan_study(const StudyConfig& study, const TrialConfig& base, const std::string& cells) {
  struct File {
    StudyConfig study;
    TrialConfig base;
    void visit(ConfigVisitor& visitor) {
      study.visit(visitor);
      visitor.section("base", base);
    }
  };
  return plan_study(ConfigTable::from_text(config_text(File{study, base}) + "\n" + cells));
}

StudyPlan plan_study(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  ConfigTable table = ConfigTable::from_file(file);
  for (const std::string& assignment : overrides) {
    table.assign(assignment);
  }
  return plan_study(table);
}

}  // namespace tandem
