#include "tandem/target/switch_event.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/config.h"
#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr std::string_view kEventsKnown =
    "step:N, epoch:X, passes-teacher, rela and rela:FAST:SLOW";

template <typename Number>
Number number_of(std::string_view text, std::string_view expected) {
  const std::optional<Number> number = parse_number<Number>(text);
  if (!number) {
    throw std::invalid_argument(fmt::format("expected {}, got '{}'", expected, text));
  }
  return *number;
}

double decay_of(std::string_view text) {
  constexpr std::string_view kExpected = "rela:FAST:SLOW with two decays between 0 and 1";
  const double decay = number_of<double>(text, kExpected);
  if (!(decay > 0 && decay < 1)) {
    throw std::invalid_argument(fmt::format("expected {}, got {}", kExpected, decay));
  }
  return decay;
}

}  // namespace

SwitchEvent SwitchEvent::parse(std::string_view text) {
  const auto [name, parameter] = split_parameter(text);
  const std::string_view value = parameter.value_or("");
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
  } else if (name == "passes-teacher" && !parameter) {
    event.kind = EventKind::kPassesTeacher;
  } else if (name == "rela") {
    event.kind = EventKind::kRela;
    if (parameter) {
      const auto [fast, slow] = split_parameter(value);
      event.fast = decay_of(fast);
      event.slow = decay_of(slow.value_or(""));
    }
  } else {
    const std::string nearest = nearest_word(name, {"step", "epoch", "passes-teacher", "rela"});
    throw std::invalid_argument(fmt::format(
        "unknown event '{}'{}; known: {}", text,
        nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest), kEventsKnown));
  }
  return event;
}

std::string SwitchEvent::text() const {
  switch (kind) {
    case EventKind::kStep:
      return fmt::format("step:{}", static_cast<std::int64_t>(at));
    case EventKind::kEpoch:
      return fmt::format("epoch:{}", at);
    case EventKind::kPassesTeacher:
      return "passes-teacher";
    case EventKind::kRela:
      const SwitchEvent usual;
      return fast == usual.fast && slow == usual.slow ? "rela"
                                                      : fmt::format("rela:{}:{}", fast, slow);
  }
  throw std::invalid_argument("SwitchEvent: unknown kind of event");
}

}  // namespace tandem
