#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tandem {

// What each target defines; fuzz_target.cpp has the rest.

/// Writes small valid inputs into an empty folder.
void write_seeds(const std::filesystem::path& folder);

/// Reads one input. Whatever it throws is a find: see read_or_refuse().
void read_input(std::string_view bytes);

/// Calls `read`, which may refuse its input in words and in no other way. False if it did.
template <typename Read>
bool read_or_refuse(const Read& read) {
  try {
    read();
    return true;
  } catch (const std::runtime_error&) {
  } catch (const std::invalid_argument&) {
  }
  return false;
}

/// Ends the process with a find unless what was promised holds.
inline void must_hold(bool holds, const char* promise) {
  if (!holds) {
    throw std::logic_error(promise);
  }
}

/// A file in memory, under a path that any process-local reader can open.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (descriptor_ < 0 ||
        ::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
      throw std::logic_error("cannot make a file in memory");
    }
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace tandem
