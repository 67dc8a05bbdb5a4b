#include "cell_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <vector>

namespace tandem {
namespace {

/// "section.key=value" for each line of a resolved config that is not in `base`, targets aside.
std::vector<std::string> differences(const TrialConfig& config, const TrialConfig& base) {
  const auto lines_of = [](const TrialConfig& trial) {
    std::vector<std::string> lines;
    std::istringstream text(config_text(trial));
    std::string section;
    for (std::string line; std::getline(text, line);) {
      if (line.starts_with('[')) {
        section = line.substr(1, line.size() - 2) + ".";
      } else if (!line.empty() && section != "target.") {
        std::erase_if(line, [](char c) { return c == ' ' || c == '"' || c == '\''; });
        lines.push_back(section + line);
      }
    }
    return lines;
  };
  const std::vector<std::string> base_lines = lines_of(base);
  std::vector<std::string> different;
  for (const std::string& line : lines_of(config)) {
    if (std::find(base_lines.begin(), base_lines.end(), line) == base_lines.end()) {
      different.push_back(line);
    }
  }
  return different;
}

}  // namespace

std::string cell_name(const TrialConfig& config, const TrialConfig& base) {
  const TargetConfig& target = config.target;
  std::string name = fmt::format("{} {}", target.granularity, target.content);
  for (const std::string& part : {target.fusion == "canonical" ? "" : target.fusion, target.teacher,
                                  std::filesystem::path(target.store).stem().string()}) {
    if (!part.empty()) {
      name += " " + part;
    }
  }
  const double usual =
      base.target.temperature == TargetConfig().temperature ? 1 : base.target.temperature;
  if (target.content == text_of(Content::kProbs) && target.temperature != usual) {
    name += fmt::format(" T={}", target.temperature);
  }
  if (!target.ensemble.empty() && target.ensemble != TargetConfig{}.ensemble) {
    name += " mean of " + target.ensemble;
  }
  if (!target.teacher_views.empty() && target.teacher_views != TargetConfig{}.teacher_views) {
    name += " teacher sees " + target.teacher_views;
  }
  if (target.pca > 0) {
    name += fmt::format(" pca {}", target.pca);
  }
  if (target.shuffle) {
    name += " shuffled";
  }
  for (const std::string& rule : target.switches) {
    name += " | " + rule;
  }
  TrialConfig compared = base;
  if (Granularity::parse(target.granularity).pool() > 0) {
    compared.views.pool = config.views.pool;  // the granularity says it
  }
  for (const std::string& difference : differences(config, compared)) {
    name += " " + difference;
  }
  return name;
}

}  // namespace tandem
