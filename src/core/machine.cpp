#include "tandem/core/machine.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/core/parameter_text.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// The first line of a file of the kernel's; empty where there is none.
std::string line_of(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// What a text begins with, after blanks.
std::optional<double> number_of(std::string_view text) {
  text = trimmed(text);
  return take_number<double>(text);
}

/// The folders of this process's control group for `controller` and of all groups around it,
/// wherever the second version ("0::/path") or the first ("4:cpu,cpuacct:/path") has them.
std::vector<fs::path> group_folders(const fs::path& root, std::string_view controller) {
  std::vector<fs::path> folders;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      continue;
    }
    const std::string names = line.substr(first + 1, second - first - 1);
    const auto parts = split_list(names);
    fs::path base = root / "sys/fs/cgroup";
    if (!names.empty()) {
      if (std::ranges::find(parts, controller) == parts.end()) {
        continue;
      }
      base /= fs::exists(base / names) ? names : std::string(controller);
    }
    // A container sees the root of its own group where the path names one that it cannot see.
    for (fs::path group = fs::path(line.substr(second + 1)).relative_path();;
         group = group.parent_path()) {
      folders.push_back(base / group);
      if (group.empty()) {
        break;
      }
    }
  }
  return folders;
}

/// Processors' worth of time that control groups grant; as many as there are without a quota.
double granted_processors(const fs::path& root) {
  double granted = std::numeric_limits<double>::infinity();
  for (const fs::path& folder : group_folders(root, "cpu")) {
    const std::string both = line_of(folder / "cpu.max");  // "50000 100000" or "max 100000"
    const auto quota = number_of(both.empty() ? line_of(folder / "cpu.cfs_quota_us") : both);
    const auto period =
        number_of(both.empty() ? line_of(folder / "cpu.cfs_period_us")
                               : both.substr(std::min(both.find(' '), both.size())));
    if (quota && period && *quota > 0 && *period > 0) {
      granted = std::min(granted, *quota / *period);
    }
  }
  return granted;
}

std::size_t processors_of_affinity() {
  // Larger than any machine's, since the call fails where the mask is too small.
  constexpr std::size_t kMost = 8192;
  cpu_set_t* mask = CPU_ALLOC(kMost);
  const std::size_t size = CPU_ALLOC_SIZE(kMost);
  const bool known = ::sched_getaffinity(0, size, mask) == 0;
  const int count = known ? CPU_COUNT_S(size, mask) : 1;
  CPU_FREE(mask);
  return static_cast<std::size_t>(std::max(count, 1));
}

std::int64_t memory_of_machine(const fs::path& root) {
  std::ifstream file(root / "proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("MemTotal:")) {
      constexpr double kKibi = 1024;
      return static_cast<std::int64_t>(number_of(line.substr(9)).value_or(0) * kKibi);
    }
  }
  return std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::size_t usable_processors(const fs::path& root) {
  const auto present = static_cast<double>(processors_of_affinity());
  return static_cast<std::size_t>(std::ceil(std::min(present, granted_processors(root))));
}

std::int64_t usable_memory(const fs::path& root) {
  std::int64_t memory = memory_of_machine(root);
  for (const fs::path& folder : group_folders(root, "memory")) {
    for (const char* name : {"memory.max", "memory.limit_in_bytes"}) {
      if (const auto limit = number_of(line_of(folder / name)); limit && *limit > 0) {
        memory = std::min(memory, static_cast<std::int64_t>(std::min(*limit, 9e18)));
      }
    }
  }
  return memory;
}

std::size_t default_workers(const fs::path& root) {
  const auto fit = static_cast<std::size_t>(usable_memory(root) / kWorkerMemory);
  return std::max<std::size_t>(1, std::min(usable_processors(root), fit));
}

void check_address_space() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return;
  }
  const double pages = number_of(line_of("/proc/self/statm")).value_or(0);
  const double taken = pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
  const double allowed = static_cast<double>(limit.rlim_cur);
  if (allowed - taken < static_cast<double>(kLeastRoom)) {
    constexpr double kMebi = 1 << 20;
    throw std::runtime_error(fmt::format(
        "expected an address space with room for {} MiB more, its limit (ulimit -v) is {:.0f} MiB, "
        "of which {:.0f} are taken; raise it",
        kLeastRoom >> 20, allowed / kMebi, taken / kMebi));
  }
}

void check_threads(std::int64_t threads, std::string_view key) {
  if (threads < 1 || threads > kMostThreads) {
    throw std::invalid_argument(
        fmt::format("{}: expected 1 to {}, got {}", key, kMostThreads, threads));
  }
}

}  // namespace tandem
