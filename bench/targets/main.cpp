// bench_targets [FIGURE...]: measures target stores. One line a figure, "ratio NAME MEDIAN goal
// GOAL", where more is better; lines for people begin with "#". One thread.

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "figures.h"
#include "lines.h"
#include "tandem/study/describe.h"
#include "temporary_folder.h"
#include "timing.h"

namespace {

using namespace tandem;
using namespace tandem::bench;

constexpr int kRepeats = 7;

using Figure = std::pair<std::string, std::function<void(const Setting&)>>;

const std::vector<Figure>& figures() {
  static const std::vector<Figure> figures{{"bytes", measure_bytes},
                                           {"reads", measure_reads},
                                           {"student", measure_student},
                                           {"label-once", measure_label_once}};
  return figures;
}

void describe_run() {
  const Provenance p = current_provenance(1, "bench targets");
  note("machine: {}, {} cores, one thread used; {}", p.cpu, p.cores, p.os);
  note("build: Tandem {} {}, {}, LibTorch {}; started {} UTC", p.tandem_version, p.commit,
       p.compiler, p.torch_version, p.started_utc);
  note("repeats: 1 to warm up and {} that count, sides in turn; medians. Every ratio is made so",
       kRepeats);
  note("that more is better: good is at or above its goal (goal 0: none).");
}

void run(const std::vector<std::string>& names) {
  const TemporaryFolder folder;
  const Setting setting{.folder = folder.path(), .repeats = kRepeats};
  describe_run();
  for (const auto& [name, measure] : figures()) {
    if (names.empty() || std::find(names.begin(), names.end(), name) != names.end()) {
      note("");
      note("took {:.0f} s", seconds_of([&] { measure(setting); }));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> names(argv + 1, argv + argc);
  for (const std::string& name : names) {
    const auto known = [&](const Figure& figure) { return figure.first == name; };
    if (std::none_of(figures().begin(), figures().end(), known)) {
      fmt::print(stderr, "bench targets: expected bytes, reads, student or label-once, got '{}'\n",
                 name);
      return 2;
    }
  }
  at::set_num_threads(1);
  try {
    run(names);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench targets: {}\n", error.what());
    return 1;
  }
  return 0;
}
