#pragma once

#include <stdexcept>
#include <string>

namespace tandem {

/// Work ended early because it was asked to (Ctrl-C), with everything worth keeping on disk.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted; the same command goes on from here") {}

  /// For work that keeps nothing; `message` says so.
  explicit Interrupted(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace tandem
