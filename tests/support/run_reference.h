#pragma once

#include <stdio.h>
#include <sys/wait.h>

#include <array>
#include <filesystem>
#include <string>

namespace tandem {

/// How a script ended and what it said.
struct Outcome {
  int status;
  std::string output;
};

/// Runs a script of tests/reference on `folder` with Debian's Python, which is where python3-torch
/// lives.
inline Outcome run_reference(const std::string& script, const std::filesystem::path& folder) {
  const std::string command = "/usr/bin/python3 -B '" TANDEM_TEST_REFERENCE_DIR "/" + script +
                              "' '" + folder.string() + "' 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    return {-1, "cannot run " + command};
  }
  std::string output;
  std::array<char, 4096> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
    output.append(part.data(), size);
  }
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

}  // namespace tandem
