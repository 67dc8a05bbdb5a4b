#include "worker_command.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tandem/core/interrupted.h"

namespace tandem {

std::vector<std::string> worker_command(const Invocation& invocation,
                                        const std::vector<std::string>& words) {
  std::vector<std::string> command{invocation.program};
  command.insert(command.end(), words.begin(), words.end());
  command.insert(command.end(), {"--parent", fmt::format("{}", ::getpid())});
  return command;
}

void end_with_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) {
    throw Interrupted();  // it ended before the line above
  }
}

}  // namespace tandem
