#include "tandem/target/switch_rule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tandem {
namespace {

constexpr std::string_view kEventsKnown =
    "step:N, epoch:X, passes-teacher, rela and rela:FAST:SLOW";

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

template <typename Number>
Number number_of(std::string_view text, std::string_view expected) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || !std::isfinite(static_cast<double>(number))) {
    throw std::invalid_argument(fmt::format("expected {}, got '{}'", expected, text));
  }
  return number;
}

double decay_of(std::string_view text) {
  constexpr std::string_view kExpected = "rela:FAST:SLOW with two decays between 0 and 1";
  const double decay = number_of<double>(text, kExpected);
  if (!(decay > 0 && decay < 1)) {
    throw std::invalid_argument(fmt::format("expected {}, got {}", kExpected, decay));
  }
  return decay;
}

SwitchEvent parse_event(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const bool has_value = colon != std::string_view::npos;
  const std::string_view value = has_value ? text.substr(colon + 1) : std::string_view{};
  SwitchEvent event;
  if (name == "step" || name == "epoch") {
    event.kind = name == "step" ? EventKind::kStep : EventKind::kEpoch;
    event.at = name == "step" ? static_cast<double>(number_of<std::int64_t>(
                                    value, "step:N with a whole number of steps"))
                              : number_of<double>(value, "epoch:X with a number of passes");
    if (!(event.at > 0)) {
      throw std::invalid_argument(fmt::format(
          "expected {} > 0, got {}; the mapping before the rule would never be used", name, value));
    }
  } else if (name == "passes-teacher" && !has_value) {
    event.kind = EventKind::kPassesTeacher;
  } else if (name == "rela") {
    event.kind = EventKind::kRela;
    if (has_value) {
      const std::size_t second = value.find(':');
      event.fast = decay_of(value.substr(0, second));
      event.slow = decay_of(second == std::string_view::npos ? "" : value.substr(second + 1));
    }
  } else {
    const std::string nearest = nearest_word(name, {"step", "epoch", "passes-teacher", "rela"});
    throw std::invalid_argument(fmt::format(
        "unknown event '{}'{}; known: {}", text,
        nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest), kEventsKnown));
  }
  return event;
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

TargetConfig without_rules(TargetConfig config) {
  config.switches.clear();
  return config;
}

/// resolve() of a mapping that a rule leads to: a store stays named while hard targets do without
/// it, so that a later rule may return to it.
TargetConfig resolve_phase(TargetConfig config) {
  if (!needs_teacher(parse_content(config.content))) {
    config.store.clear();
  }
  return resolve(config);
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
std::vector<std::string> shortest_change(const TargetConfig& from, const TargetConfig& to) {
  const std::vector<std::string> before = assignments_of(from);
  std::vector<std::string> change = assignments_of(to);
  std::erase_if(change, [&](const std::string& assignment) {
    return std::find(before.begin(), before.end(), assignment) != before.end();
  });
  const std::string wanted = config_text(to);
  for (std::size_t k = change.size(); k-- > 0;) {
    std::vector<std::string> shorter = change;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(k));
    try {
      if (config_text(resolve_phase(with(from, shorter))) == wanted) {
        change = std::move(shorter);
      }
    } catch (const std::invalid_argument&) {
      // This key is needed.
    }
  }
  return change;
}

}  // namespace

SwitchRule parse_switch_rule(std::string_view text) {
  try {
    const std::vector<std::string> words = words_of(text);
    if (words.empty()) {
      throw std::invalid_argument("expected \"EVENT key=value ...\"");
    }
    SwitchRule rule{.event = parse_event(words.front()), .assignments = {}};
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

std::string text_of(const SwitchEvent& event) {
  switch (event.kind) {
    case EventKind::kStep:
      return fmt::format("step:{}", static_cast<std::int64_t>(event.at));
    case EventKind::kEpoch:
      return fmt::format("epoch:{}", event.at);
    case EventKind::kPassesTeacher:
      return "passes-teacher";
    case EventKind::kRela:
      const SwitchEvent usual;
      return event.fast == usual.fast && event.slow == usual.slow
                 ? "rela"
                 : fmt::format("rela:{}:{}", event.fast, event.slow);
  }
  throw std::invalid_argument("text_of: unknown kind of event");
}

std::string text_of(const SwitchRule& rule) {
  return fmt::format("{} {}", text_of(rule.event), fmt::join(rule.assignments, " "));
}

std::vector<TargetConfig> phases(const TargetConfig& config) {
  TargetConfig current = without_rules(config);
  std::vector<TargetConfig> resolved{resolve(current)};
  std::map<EventKind, double> last;
  for (const std::string& text : config.switches) {
    const SwitchRule rule = parse_switch_rule(text);
    const EventKind kind = rule.event.kind;
    if (kind == EventKind::kPassesTeacher && resolved.back().teacher.empty()) {
      throw bad_rule(text, fmt::format("the mapping before it ({} {}) has no teacher to pass",
                                       resolved.back().granularity, resolved.back().content));
    }
    if ((kind == EventKind::kStep || kind == EventKind::kEpoch) && last.contains(kind) &&
        rule.event.at <= last[kind]) {
      throw bad_rule(text, fmt::format("rules are taken in order, and one before it waits for "
                                       "{} already; expected a larger number",
                                       last[kind]));
    }
    last[kind] = rule.event.at;
    try {
      current = with(current, rule.assignments);
      resolved.push_back(resolve_phase(current));
    } catch (const std::invalid_argument& error) {
      throw bad_rule(text, error.what());
    }
  }
  return resolved;
}

TargetConfig resolve_switches(const TargetConfig& config) {
  const std::vector<TargetConfig> resolved = phases(config);
  TargetConfig current = resolved.front();
  std::vector<std::string> rules;
  for (std::size_t k = 0; k < config.switches.size(); ++k) {
    SwitchRule rule = parse_switch_rule(config.switches[k]);
    const std::vector<std::string> change = shortest_change(current, resolved[k + 1]);
    if (!change.empty()) {  // a rule that changes nothing stands as it was written
      rule.assignments = change;
    }
    current = with(current, rule.assignments);
    rules.push_back(text_of(rule));
  }
  TargetConfig result = resolved.front();
  result.switches = rules;
  return result;
}

std::vector<std::string> teachers_of(const TargetConfig& config) {
  std::vector<std::string> teachers;
  for (const TargetConfig& phase : phases(config)) {
    if (!phase.teacher.empty() &&
        std::find(teachers.begin(), teachers.end(), phase.teacher) == teachers.end()) {
      teachers.push_back(phase.teacher);
    }
  }
  return teachers;
}

}  // namespace tandem
