#include "inherited_signals.h"

#include <signal.h>

#include <array>
#include <cstddef>

namespace tandem {
namespace {

constexpr std::array<int, 3> kSignals{SIGHUP, SIGINT, SIGTERM};
bool was_ignored[kSignals.size()];  // written before constructors run

void note_ignored(int, char**, char**) {
  for (std::size_t k = 0; k < kSignals.size(); ++k) {
    struct sigaction action {};
    was_ignored[k] =
        ::sigaction(kSignals[k], nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
  }
}

// What stands in this section of a program is called before its libraries' constructors.
[[gnu::section(".preinit_array"), gnu::used]] void (*const at_start)(int, char**,
                                                                     char**) = note_ignored;

}  // namespace

void ignore_inherited_signals() {
  for (std::size_t k = 0; k < kSignals.size(); ++k) {
    if (was_ignored[k]) {
      ::signal(kSignals[k], SIG_IGN);
    }
  }
}

}  // namespace tandem
