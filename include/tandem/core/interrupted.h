#pragma once

#include <stdexcept>

namespace tandem {

/// Work ended early because it was asked to (Ctrl-C), with everything worth keeping on disk.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted; the same command goes on from here") {}
};

}  // namespace tandem
