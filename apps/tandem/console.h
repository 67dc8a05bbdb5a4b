#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace tandem {

// Two things are written to the console. What is told while work goes on (progress, notes, errors)
// goes to standard error, and where nobody can read it any more (the terminal went away, the device
// is full) it is lost, and the work goes on. Results go to standard output (fmt::print), and one
// that cannot be written is an error.

/// Writes to standard error; never throws, whatever becomes of it.
void tell(std::string_view text) noexcept;

template <typename... Arguments>
void tell(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  tell(std::string_view(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

/// Before anything else: keeps descriptors 0 to 2 taken where they are closed, so that no file of
/// ours gets their number, and makes a closed pipe (SIGPIPE) and a file beyond its limit (SIGXFSZ)
/// errors of the write instead of the end of the process.
void hold_console();

/// Writes what is left of the results; false where that is impossible, after say_results_are_lost.
bool flush_results();

/// Says on standard error that results could not be written to standard output, for the system's
/// reason `error`; without words where the reader has gone, as `head` does.
void say_results_are_lost(int error);

}  // namespace tandem
