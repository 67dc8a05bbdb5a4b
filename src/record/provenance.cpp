#include "tandem/record/provenance.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <ctime>
#include <fstream>

#include "tandem/core/machine.h"
#include "tandem_build_info.h"

namespace tandem {
namespace {

/// Value of the first line of `path` that begins with `key`, after its separator.
std::string line_value(const char* path, std::string_view key, char separator) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key) && line.find(separator) != std::string::npos) {
      std::string value = line.substr(line.find(separator) + 1);
      std::erase(value, '"');
      return value.substr(std::min(value.find_first_not_of(' '), value.size()));
    }
  }
  return "unknown";
}

}  // namespace

Provenance current_provenance(std::int64_t threads, const std::string& command) {
  return {.tandem_version = TANDEM_VERSION,
          .commit = TANDEM_COMMIT,
          .compiler = TANDEM_COMPILER,
          .torch_version = TORCH_VERSION,
          .cpu = line_value("/proc/cpuinfo", "model name", ':'),
          .os = line_value("/etc/os-release", "PRETTY_NAME", '='),
          .command = command,
          .started_utc = fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(std::time(nullptr))),
          .cores = static_cast<std::int64_t>(usable_processors()),
          .threads = threads};
}

}  // namespace tandem
