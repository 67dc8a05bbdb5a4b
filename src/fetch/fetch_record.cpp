#include "fetch_record.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "tandem/core/atomic_file.h"

namespace tandem {
namespace {

constexpr std::string_view kSourceLine = "# fetched from ";
constexpr std::size_t kMd5Digits = 32;

}  // namespace

void write_fetch_record(const std::filesystem::path& folder, const FetchRecord& record) {
  std::string text = fmt::format("{}{}\n", kSourceLine, record.source);
  for (const auto& [path, md5] : record.md5_of) {
    text += fmt::format("{}  {}\n", md5, path);
  }
  write_file_atomically(folder / kFetchRecordFile, text);
}

FetchRecord read_fetch_record(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kFetchRecordFile;
  FetchRecord record;
  if (!std::filesystem::exists(file)) {
    return record;
  }
  std::istringstream lines(read_file(file));
  std::size_t number = 1;
  for (std::string line; std::getline(lines, line); ++number) {
    if (line.starts_with(kSourceLine)) {
      record.source = line.substr(kSourceLine.size());
    } else if (line.size() > kMd5Digits + 2 && line.substr(kMd5Digits, 2) == "  ") {
      record.md5_of[line.substr(kMd5Digits + 2)] = line.substr(0, kMd5Digits);
    } else {
      throw std::runtime_error(fmt::format("{}, line {}: expected '<MD5>  <file>', found '{}'",
                                           file.string(), number, line));
    }
  }
  return record;
}

}  // namespace tandem
