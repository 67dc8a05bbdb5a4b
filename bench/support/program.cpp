#include "program.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "lines.h"
#include "peer.h"
#include "tandem/core/allocation.h"
#include "tandem/record/provenance.h"
#include "temporary_folder.h"
#include "timing.h"

namespace tandem::bench {
namespace {

constexpr int kRepeats = 7;

void describe_run(const std::string& theme) {
  const Provenance p = current_provenance(1, "bench " + theme);
  note("machine: {}, {} cores, one thread used; {}", p.cpu, p.cores, p.os);
  note("build: Tandem {} {}, {}, LibTorch {}; started {} UTC", p.tandem_version, p.commit,
       p.compiler, p.torch_version, p.started_utc);
  note("peers: {}", Peer("versions.py", {}).ask("which"));
  note("repeats: 1 to warm up and {} that count, sides in turn; medians. Every ratio is made so",
       kRepeats);
  note("that more is better: good is at or above its goal (goal 0: none).");
}

void measure(const std::string& theme, const std::vector<Figure>& figures,
             const std::vector<std::string>& wanted) {
  const TemporaryFolder folder;
  const Setting setting{.folder = folder.path(), .repeats = kRepeats};
  describe_run(theme);
  for (const Figure& figure : figures) {
    if (wanted.empty() || std::ranges::find(wanted, figure.name) != wanted.end()) {
      note("");
      note("took {:.0f} s", seconds_of([&] { figure.measure(setting); }));
    }
  }
}

}  // namespace

int run_program(const std::string& theme, const std::vector<Figure>& figures, int argc,
                char** argv) {
  keep_freed_memory();  // as the program does
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  std::vector<std::string> known;
  for (const Figure& figure : figures) {
    known.push_back(figure.name);
  }
  for (const std::string& name : wanted) {
    if (std::ranges::find(known, name) == known.end()) {
      fmt::print(stderr, "bench {}: expected any of {}, got '{}'\n", theme, fmt::join(known, ", "),
                 name);
      return 2;
    }
  }
  at::set_num_threads(1);
  try {
    measure(theme, figures, wanted);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench {}: {}\n", theme, error.what());
    return 1;
  }
  return 0;
}

}  // namespace tandem::bench
