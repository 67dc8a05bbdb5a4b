#pragma once

#include <stdexcept>

namespace tandem {

/// The files are there but cannot be used: to say how to get them would not help.
class FoundFilesError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace tandem
