#pragma once

#include <cstdint>
#include <string>

namespace tandem {

/// Where and by what a number was made.
struct Provenance {
  std::string tandem_version;
  std::string commit;
  std::string compiler;
  std::string torch_version;
  std::string cpu;
  std::string os;
  std::string command;
  std::string started_utc;
  std::int64_t cores = 0;
  std::int64_t threads = 0;

  /// See record/fields.h.
  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("tandem_version", self.tandem_version, "version of Tandem");
    field("commit", self.commit, "commit that it was built from");
    field("compiler", self.compiler, "what built it");
    field("torch_version", self.torch_version, "version of LibTorch");
    field("cpu", self.cpu, "processor");
    field("os", self.os, "operating system");
    field("command", self.command, "the call as it was typed");
    field("started_utc", self.started_utc, "when it started");
    field("cores", self.cores, "processors that the run could use");
    field("threads", self.threads, "threads that one trial used");
  }
};

/// This build on this machine, now. `threads` as used by one trial, `command` as the user typed it.
Provenance current_provenance(std::int64_t threads, const std::string& command);

}  // namespace tandem
