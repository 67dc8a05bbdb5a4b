#include "tandem/core/folder_checksums.h"

#include <fmt/format.h>

#include <map>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "tandem/core/atomic_file.h"
#include "tandem/core/fingerprint.h"
#include "tandem/core/folder_entries.h"
#include "temporary_name.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kBetween = "  ";
constexpr std::size_t kDigits = 32;

fs::path list_path(const fs::path& folder) {
  return folder / "checksums.txt";
}

std::string checksum_of(const fs::path& file) {
  const std::string content = read_file(file);
  return Fingerprinter().bytes(std::as_bytes(std::span(content))).digest().hex();
}

bool is_passing(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with(".") || TemporaryName::parse(name);
}

using Checksums = std::map<fs::path, std::string>;

Checksums read_list(const fs::path& folder, const std::string& advice) {
  Checksums checksums;
  std::istringstream lines(read_file(list_path(folder)));
  for (std::string line; std::getline(lines, line);) {
    const std::string digits = line.substr(0, kDigits);
    if (line.size() <= kDigits + kBetween.size() || line.substr(kDigits, 2) != kBetween ||
        !Fingerprint::from_hex(digits)) {
      throw std::runtime_error(fmt::format("{}: not a list of checksums: '{}'; {}",
                                           list_path(folder).string(), line, advice));
    }
    checksums[line.substr(kDigits + kBetween.size())] = digits;
  }
  if (checksums.empty()) {
    throw std::runtime_error(
        fmt::format("{}: it lists no file; {}", list_path(folder).string(), advice));
  }
  return checksums;
}

void check(const fs::path& folder, const fs::path& file, const std::string& expected,
           const std::string& advice) {
  const fs::path path = folder / file;
  if (!fs::exists(path)) {
    throw std::runtime_error(
        fmt::format("{}: this file is gone, which {} lists; put it back, or {}", path.string(),
                    list_path(folder).filename().string(), advice));
  }
  if (const std::string found = checksum_of(path); found != expected) {
    throw std::runtime_error(fmt::format(
        "{}: this file is not what was written there: its checksum is {}, in {} stands {}; put it "
        "back, or {}",
        path.string(), found, list_path(folder).filename().string(), expected, advice));
  }
}

}  // namespace

void write_checksums(const fs::path& folder, const std::set<fs::path>& except) {
  Checksums checksums;
  for (const fs::path& path : entries_below(folder)) {
    const fs::path file = path.lexically_relative(folder);
    if (fs::is_regular_file(path) && !is_passing(file) && !except.contains(file) &&
        path != list_path(folder)) {
      checksums[file] = checksum_of(path);
    }
  }
  std::string text;
  for (const auto& [file, checksum] : checksums) {
    text += fmt::format("{}{}{}\n", checksum, kBetween, file.generic_string());
  }
  write_file_atomically(list_path(folder), text);
}

bool has_checksums(const fs::path& folder) {
  return fs::exists(list_path(folder));
}

void check_files(const fs::path& folder, const std::string& advice) {
  if (!has_checksums(folder)) {
    return;
  }
  for (const auto& [file, checksum] : read_list(folder, advice)) {
    check(folder, file, checksum, advice);
  }
}

void check_file(const fs::path& folder, const fs::path& file, const std::string& advice) {
  if (!has_checksums(folder)) {
    return;
  }
  const Checksums checksums = read_list(folder, advice);
  const auto found = checksums.find(file);
  if (found == checksums.end()) {
    throw std::runtime_error(fmt::format("{}: it does not list '{}'; {}",
                                         list_path(folder).string(), file.string(), advice));
  }
  check(folder, file, found->second, advice);
}

void change_files(const fs::path& folder, const std::string& advice,
                  const std::function<void()>& change) {
  check_files(folder, advice);
  fs::remove(list_path(folder));
  change();
  write_checksums(folder);
}

}  // namespace tandem
