#include "tandem/study/study_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace tandem {
namespace {

/// What stands before the [[cell]] tables.
struct StudyHead {
  GridConfig grid;
  LadderConfig ladder;
  TrialConfig base;

  void visit(ConfigVisitor& visitor) {
    grid.visit(visitor);
    if (!ladder.rungs.empty()) {
      visitor.section("teach", ladder);
    }
    visitor.section("base", base);
  }
};

/// One cell as a table [cell].
struct CellTable {
  CellConfig cell;

  void visit(ConfigVisitor& visitor) { visitor.section("cell", cell); }
};

bool holds(const auto& values, const auto& value) {
  return std::ranges::find(values, value) != values.end();
}

/// Throws for what a file says and nothing would follow from.
void check_has_effect(const StudyConfig& config) {
  if (config.ladder.rungs.empty() && config_text(config.ladder) != config_text(LadderConfig{})) {
    throw std::invalid_argument(
        "teach: no 'rungs', so no teacher would be trained; say rungs = [\"strong\"] and their "
        "steps, or leave [teach] out");
  }
  const TrialConfig& base = config.base;
  if ((base.seed != TrialConfig{}.seed && !holds(config.grid.seeds, base.seed)) ||
      (base.train.rate != TrainConfig{}.rate && !holds(config.grid.rates, base.train.rate))) {
    throw std::invalid_argument(fmt::format(
        "base: seed = {} and train.rate = {} are not among 'seeds' and 'rates', of which every "
        "cell takes its own; leave them out",
        base.seed, base.train.rate));
  }
}

}  // namespace

void GridConfig::visit(ConfigVisitor& visitor) {
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

void CellConfig::visit(ConfigVisitor& visitor) {
  visitor.field("name", name);
  visitor.field("baseline", baseline);
  trial.visit(visitor);
}

StudyConfig read_study_config(const ConfigTable& table) {
  StudyConfig config;
  config.text = table.to_text();
  ConfigTable top = table;
  const ConfigTable teach = top.take_table("teach");
  const ConfigTable base = top.take_table("base");
  const std::vector<ConfigTable> cells = top.take_tables("cell");
  top.read_into(config.grid);
  teach.read_into(config.ladder);
  base.read_into(config.base);
  check_has_effect(config);
  for (const ConfigTable& cell : cells) {
    for (const ConfigTable& one : cell.expand_lists({"train.evaluate_at", "target.switch"})) {
      CellConfig& read = config.cells.emplace_back();
      read.trial = config.base;
      one.read_into(read);
    }
  }
  return config;
}

StudyConfig read_study_config(const std::filesystem::path& file,
                              const std::vector<std::string>& overrides) {
  ConfigTable table = ConfigTable::from_file(file);
  for (const std::string& assignment : overrides) {
    table.assign(assignment);
  }
  return read_study_config(table);
}

std::string study_text(const StudyConfig& config) {
  constexpr std::string_view kTable = "[cell]";
  std::string text = config_text(StudyHead{config.grid, config.ladder, config.base});
  for (const CellConfig& cell : config.cells) {
    std::string table = config_text(CellTable{cell});
    text += table.replace(table.find(kTable), kTable.size(), "[[cell]]");
  }
  return text;
}

}  // namespace tandem
