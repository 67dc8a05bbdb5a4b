#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace tandem::bench {

/// A program that does the same as we do in another way: a script of bench/peers, kept running so
/// that its start is not measured. It reads requests from its standard input, a line each, and
/// answers each with a line.
class Peer {
 public:
  /// Runs with Debian's Python, which is where python3-torch lives. Throws std::system_error.
  Peer(const std::string& script, const std::vector<std::string>& arguments);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// Throws std::runtime_error if the script has ended; it has said why on standard error.
  std::string ask(const std::string& request);

  /// The answer as a number. Throws std::runtime_error for any other.
  double ask_number(const std::string& request);

 private:
  std::string script_;
  std::FILE* requests_ = nullptr;
  std::FILE* answers_ = nullptr;
  pid_t process_ = -1;
};

}  // namespace tandem::bench
