#include "tandem/target/mapping_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tandem {
namespace {

std::invalid_argument bad_rule(std::string_view rule, std::string_view why) {
  return std::invalid_argument(fmt::format("target.switch: '{}': {}", rule, why));
}

/// Words between spaces; a space inside quotes belongs to its word.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && (c == ' ' || c == '\t')) {
      if (!word.empty()) {
        words.push_back(std::exchange(word, {}));
      }
      continue;
    }
    word += c;
    if (quote == '"' && c == '\\' && i + 1 < text.size()) {
      word += text[++i];
    } else if (quote == c) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    }
  }
  if (!word.empty()) {
    words.push_back(word);
  }
  return words;
}

/// A TargetConfig as far as a rule may change it.
struct MappingKeys {
  TargetConfig config;
  void visit(ConfigVisitor& visitor) { config.visit_mapping(visitor); }
};

TargetConfig with(const TargetConfig& config, const std::vector<std::string>& assignments) {
  ConfigTable table("rule");
  std::set<std::string> named;
  for (const std::string& assignment : assignments) {
    table.assign(assignment);
    if (!named.insert(assignment.substr(0, assignment.find('='))).second) {
      throw std::invalid_argument(fmt::format("'{}' names its key a second time", assignment));
    }
  }
  MappingKeys keys{config};
  table.read_into(keys);
  return keys.config;
}

/// The mapping that a rule leads to: a store stays named while hard targets do without it, so that
/// a later rule may return to it.
MappingSpec resolve_after_rule(TargetConfig config) {
  const bool hard = config.content.empty() || !needs_teacher(parse_content(config.content));
  if (hard) {
    config.store.clear();
  }
  return resolve_mapping(config);
}

std::string text_of(const MappingSpec& spec) {
  return config_text(MappingKeys{config_of(spec)});
}

/// "key=value" of every key, as a rule writes them: plain words without their quotes.
std::vector<std::string> assignments_of(const TargetConfig& config) {
  std::vector<std::string> assignments;
  std::istringstream text(config_text(MappingKeys{config}));
  for (std::string line; std::getline(text, line);) {
    const std::size_t equals = line.find(" = ");
    const std::string key = line.substr(0, equals);
    std::string value = line.substr(equals + 3);
    const std::string bare = value.substr(1, value.size() - 2);
    const bool is_text = value.starts_with('"');
    // Only words that TOML has no other reading for may lose their quotes.
    const bool is_plain = !bare.empty() && bare.find_first_of(" \t\"'\\#=") == std::string::npos &&
                          bare != "true" && bare != "false" && bare != "inf" && bare != "nan" &&
                          (bare[0] == '/' || std::isalpha(static_cast<unsigned char>(bare[0])));
    assignments.push_back(key + "=" + (is_text && is_plain ? bare : value));
  }
  return assignments;
}

/// The fewest assignments that make `from` resolve to `to`: a key that does not apply to the new
/// mapping, such as the teacher of one-hot targets, need not be named.
std::vector<std::string> shortest_change(const TargetConfig& from, const MappingSpec& to) {
  const std::vector<std::string> before = assignments_of(from);
  std::vector<std::string> change = assignments_of(config_of(to));
  std::erase_if(change, [&](const std::string& assignment) {
    return std::find(before.begin(), before.end(), assignment) != before.end();
  });
  const std::string wanted = text_of(to);
  for (std::size_t k = change.size(); k-- > 0;) {
    std::vector<std::string> shorter = change;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(k));
    try {
      if (text_of(resolve_after_rule(with(from, shorter))) == wanted) {
        change = std::move(shorter);
      }
    } catch (const std::invalid_argument&) {
      // This key is needed.
    }
  }
  return change;
}

/// The mapping that `rule` leads to from `current`, which takes its keys.
MappingSpec apply_rule(const SwitchRule& rule, TargetConfig& current) {
  current = with(current, rule.assignments);
  return resolve_after_rule(current);
}

/// Throws where an event cannot come after those before it.
void check_event(const SwitchRule& rule, const std::string& text, const MappingSpec& before,
                 std::map<EventKind, double>& last) {
  const auto [kind, at, fast, slow] = rule.event;
  if (kind == EventKind::kPassesTeacher && before.teacher.empty()) {
    throw bad_rule(text, fmt::format("the mapping before it ({} {}) has no teacher to pass",
                                     before.granularity.text(), tandem::text_of(before.content)));
  }
  if ((kind == EventKind::kStep || kind == EventKind::kEpoch) && last.contains(kind) &&
      at <= last[kind]) {
    throw bad_rule(text, fmt::format("rules are taken in order, and one before it waits for "
                                     "{} already; expected a larger number",
                                     last[kind]));
  }
  last[kind] = at;
}

}  // namespace

SwitchRule SwitchRule::parse(std::string_view text) {
  try {
    const std::vector<std::string> words = words_of(text);
    if (words.empty()) {
      throw std::invalid_argument("expected \"EVENT key=value ...\"");
    }
    SwitchRule rule{.event = SwitchEvent::parse(words.front()), .assignments = {}};
    rule.assignments.assign(words.begin() + 1, words.end());
    if (rule.assignments.empty()) {
      throw std::invalid_argument(
          "expected keys of [target] after the event, e.g. \"step:200 teacher=strong\"");
    }
    return rule;
  } catch (const std::invalid_argument& error) {
    throw bad_rule(text, error.what());
  }
}

std::string SwitchRule::text() const {
  return fmt::format("{} {}", event.text(), fmt::join(assignments, " "));
}

MappingPlan plan_mappings(const TargetConfig& config) {
  TargetConfig current = config;
  current.switches.clear();
  MappingPlan plan{{.spec = resolve_mapping(current), .until = std::nullopt}};
  std::map<EventKind, double> last;
  for (const std::string& text : config.switches) {
    const SwitchRule rule = SwitchRule::parse(text);
    check_event(rule, text, plan.back().spec, last);
    plan.back().until = rule.event;
    try {
      plan.push_back({.spec = apply_rule(rule, current), .until = std::nullopt});
    } catch (const std::invalid_argument& error) {
      throw bad_rule(text, error.what());
    }
  }
  return plan;
}

TargetConfig resolve(const TargetConfig& config) {
  const MappingPlan plan = plan_mappings(config);
  TargetConfig current = config_of(plan.front().spec);
  TargetConfig result = current;
  for (std::size_t k = 0; k < config.switches.size(); ++k) {
    SwitchRule rule = SwitchRule::parse(config.switches[k]);
    const std::vector<std::string> change = shortest_change(current, plan[k + 1].spec);
    if (!change.empty()) {  // a rule that changes nothing stands as it was written
      rule.assignments = change;
    }
    current = with(current, rule.assignments);
    result.switches.push_back(rule.text());
  }
  return result;
}

std::vector<TeacherRef> teachers_of(const MappingPlan& plan) {
  std::vector<TeacherRef> teachers;
  for (const PlannedMapping& planned : plan) {
    const TeacherRef& teacher = planned.spec.teacher;
    if (!teacher.empty() &&
        std::find(teachers.begin(), teachers.end(), teacher) == teachers.end()) {
      teachers.push_back(teacher);
    }
  }
  return teachers;
}

}  // namespace tandem
