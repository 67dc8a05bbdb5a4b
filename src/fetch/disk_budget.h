#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tandem {

/// How much may be written below a folder so that its disk is not filled to the brim: a reserve of
/// 1 GiB, or of 5 % of a small disk, stays free for whatever else needs it.
class DiskBudget {
 public:
  explicit DiskBudget(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Bytes that may be written as of now; 0 where the reserve is touched already. Throws
  /// std::system_error where the system cannot tell.
  std::int64_t room() const;

  /// Whether `bytes` more may be written; to be asked before each piece. Others write, too, so the
  /// disk is looked at now and then.
  bool take(std::int64_t bytes);

  /// Why not, naming the folder.
  std::string why_not() const;

 private:
  std::filesystem::path folder_;
  std::int64_t left_ = 0;  ///< that may be written before the disk is looked at again
};

}  // namespace tandem
