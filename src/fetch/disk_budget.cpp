#include "disk_budget.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>

#include "tandem/core/system_error.h"

namespace tandem {
namespace {

constexpr std::int64_t kMostReserve = std::int64_t{1} << 30;
constexpr std::int64_t kReserveShare = 20;  // one of so many parts
constexpr std::int64_t kLookEvery = std::int64_t{16} << 20;

struct DiskSpace {
  std::int64_t free = 0;
  std::int64_t reserve = 0;
};

DiskSpace space_of(const std::filesystem::path& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) {
    throw_system_error("cannot look at the disk of", folder);
  }
  const auto bytes = [&disk](fsblkcnt_t blocks) {
    return static_cast<std::int64_t>(blocks) * static_cast<std::int64_t>(disk.f_frsize);
  };
  return {.free = bytes(disk.f_bavail),
          .reserve = std::min(kMostReserve, bytes(disk.f_blocks) / kReserveShare)};
}

}  // namespace

std::int64_t DiskBudget::room() const {
  const DiskSpace space = space_of(folder_);
  return std::max<std::int64_t>(space.free - space.reserve, 0);
}

bool DiskBudget::take(std::int64_t bytes) {
  if (bytes > left_) {
    left_ = std::min(room(), std::max(bytes, kLookEvery));
  }
  if (bytes > left_) {
    return false;
  }
  left_ -= bytes;
  return true;
}

std::string DiskBudget::why_not() const {
  const DiskSpace space = space_of(folder_);
  return fmt::format("{} has {} MB free, of which {} MB are not used up; make room there",
                     folder_.string(), space.free >> 20, space.reserve >> 20);
}

}  // namespace tandem
