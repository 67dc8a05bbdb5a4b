#include "temporary_name.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string_view>

#include "process_place.h"
#include "tandem/core/fingerprint.h"
#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr std::string_view kMark = ".tmp-";
constexpr std::size_t kSpaceDigits = 8;

const std::string& own_space() {
  static const std::string space =
      Fingerprinter().text(process_place("pid")).digest().hex().substr(0, kSpaceDigits);
  return space;
}

}  // namespace

std::string TemporaryName::make(const std::string& target) {
  static std::atomic<unsigned> counter{0};
  return fmt::format("{}{}{}-{}-{}", target, kMark, own_space(), ::getpid(), counter++);
}

std::optional<TemporaryName> TemporaryName::parse(const std::string& name) {
  const std::size_t mark = name.rfind(kMark);
  if (mark == std::string::npos || mark == 0) {
    return std::nullopt;
  }
  TemporaryName found{.target = name.substr(0, mark), .space = {}};
  std::string_view rest = std::string_view(name).substr(mark + kMark.size());
  if (rest.size() > kSpaceDigits && rest[kSpaceDigits] == '-' &&
      rest.find_first_not_of("0123456789abcdef") == kSpaceDigits) {
    found.space = rest.substr(0, kSpaceDigits);
    rest.remove_prefix(kSpaceDigits + 1);
  }
  const std::size_t dash = rest.find('-');
  if (dash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto process = parse_number<std::int32_t>(rest.substr(0, dash));
  const auto count = parse_number<std::int64_t>(rest.substr(dash + 1));
  if (!process || !count || *process < 0 || *count < 0) {
    return std::nullopt;
  }
  found.process = *process;
  return found;
}

bool TemporaryName::is_abandoned() const {
  return space == own_space() && !process_place("pid").empty() && ::kill(process, 0) != 0 &&
         errno == ESRCH;
}

}  // namespace tandem
