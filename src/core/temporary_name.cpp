#include "temporary_name.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <regex>

#include "process_place.h"
#include "tandem/core/fingerprint.h"

namespace tandem {
namespace {

constexpr std::size_t kSpaceDigits = 8;

const std::string& own_space() {
  static const std::string space =
      Fingerprinter().text(process_place("pid")).digest().hex().substr(0, kSpaceDigits);
  return space;
}

}  // namespace

std::string TemporaryName::make(const std::string& target) {
  static std::atomic<unsigned> counter{0};
  return fmt::format("{}.tmp-{}-{}-{}", target, own_space(), ::getpid(), counter++);
}

std::optional<TemporaryName> TemporaryName::parse(const std::string& name) {
  static const std::regex pattern(R"((.+)\.tmp-(?:([0-9a-f]{8})-)?([0-9]{1,9})-[0-9]+)");
  std::smatch parts;
  if (!std::regex_match(name, parts, pattern)) {
    return std::nullopt;
  }
  return TemporaryName{parts[1], parts[2], std::stoi(parts[3])};
}

bool TemporaryName::is_abandoned() const {
  return space == own_space() && ::kill(process, 0) != 0 && errno == ESRCH;
}

}  // namespace tandem
