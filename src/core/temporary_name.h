#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace tandem {

/// The name of a file that is being written: that of the file to be, and who writes it.
struct TemporaryName {
  std::string target;
  std::string space;  ///< within which process numbers are one process's; older names lack it
  pid_t process = 0;

  /// A name that nobody else has.
  static std::string make(const std::string& target);

  static std::optional<TemporaryName> parse(const std::string& name);

  /// Whether its process is known to have ended.
  bool is_abandoned() const;
};

}  // namespace tandem
