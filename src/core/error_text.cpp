#include "tandem/core/error_text.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr std::string_view kOfTorchScript = "The following operation failed in the TorchScript";
constexpr std::string_view kNames[] = {"Error: ", "Exception: "};

/// What stands behind the name of an error, as in "RuntimeError: sizes do not match"; empty for a
/// line without one.
std::string named_reason(const std::string& line) {
  for (const std::string_view name : kNames) {
    const std::size_t place = line.find(name);
    if (place != std::string::npos && line.find_first_of(" \t(") > place) {
      return std::string(trimmed(std::string_view(line).substr(place + name.size())));
    }
  }
  return {};
}

/// Whether a line belongs to a trace and not to what is said.
bool is_of_trace(const std::string& line) {
  return line.empty() || line.starts_with(kOfTorchScript) || line.starts_with("Traceback of") ||
         line.starts_with("File \"") || line.starts_with("frame #") ||
         line.find_first_not_of("~^ .<-HER") == std::string::npos;
}

/// A module's trace names the reason last, behind an error's name; all else says it first.
std::string reason_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.emplace_back(trimmed(line));
  }
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (const std::string reason = named_reason(*line); !reason.empty()) {
      return reason;
    }
  }
  const auto first = std::find_if_not(lines.begin(), lines.end(), is_of_trace);
  return first == lines.end() ? text : *first;
}

}  // namespace

std::string error_text(const std::exception& error) {
  if (const auto* torch = dynamic_cast<const c10::Error*>(&error)) {
    return reason_in(torch->what_without_backtrace());
  }
  const std::string text = error.what();
  return text.starts_with(kOfTorchScript) ? reason_in(text) : text;
}

}  // namespace tandem
