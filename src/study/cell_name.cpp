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

std::string cell_name(const MappingSpec& mapping, const TrialConfig& config,
                      const TrialConfig& base) {
  std::string name = fmt::format("{} {}", mapping.granularity.text(), text_of(mapping.content));
  const std::string fusion =
      mapping.fusion && mapping.fusion->views > 0 ? mapping.fusion->text() : "";
  for (const std::string& part :
       {fusion, mapping.teacher.text(), std::filesystem::path(mapping.store).stem().string()}) {
    if (!part.empty()) {
      name += " " + part;
    }
  }
  const double usual =
      base.target.temperature == TargetConfig().temperature ? 1 : base.target.temperature;
  if (mapping.temperature && *mapping.temperature != usual) {
    name += fmt::format(" T={}", *mapping.temperature);
  }
  if (mapping.teacher.is_ensemble() && mapping.teacher.mean != EnsembleMean::kProbs) {
    name += fmt::format(" mean of {}", text_of(mapping.teacher.mean));
  }
  if (mapping.teacher_views && mapping.teacher_views->kind != TeacherViews::Kind::kSame) {
    name += " teacher sees " + mapping.teacher_views->text();
  }
  if (mapping.pca > 0) {
    name += fmt::format(" pca {}", mapping.pca);
  }
  if (mapping.shuffle) {
    name += " shuffled";
  }
  for (const std::string& rule : config.target.switches) {
    name += " | " + rule;
  }
  TrialConfig compared = base;
  if (mapping.granularity.pool() > 0) {
    compared.views.pool = config.views.pool;  // the granularity says it
  }
  for (const std::string& difference : differences(config, compared)) {
    name += " " + difference;
  }
  return name;
}

}  // namespace tandem
