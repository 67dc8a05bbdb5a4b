#pragma once

namespace faults {

/// What becomes of a call that was counted.
struct Verdict {
  bool fails = false;
  bool cut_short = false;  // a read or write of half the bytes
  int error = 0;           // where it fails
};

/// Reads the plan from the environment and counts this process among those of the run. Called by
/// itself at the first counted call; again in a process that was forked for another run.
void begin();

/// Counts a call on a path, or on an open file or pipe, if it is one that the plan counts, and says
/// what becomes of it. Where the plan says kill, it does not return.
Verdict meet(const char* call, const char* path);
Verdict meet(const char* call, int descriptor);
Verdict meet_in(const char* call, int folder, const char* path);  // as openat means its path

}  // namespace faults
