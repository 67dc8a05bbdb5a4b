#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tandem::bench {

/// What all figures need. They may write into `folder`, each under names of its own.
struct Setting {
  std::filesystem::path folder;
  int repeats;
};

/// A theme's program measures figures by name.
struct Figure {
  std::string name;
  std::function<void(const Setting&)> measure;
};

/// The `main` of bench_<theme> [FIGURE...]: measures the figures that are named, or all, with one
/// thread. Prints a line a ratio, "ratio NAME MEDIAN goal GOAL", and lines for people that begin
/// with "#". Returns the exit code.
int run_program(const std::string& theme, const std::vector<Figure>& figures, int argc,
                char** argv);

}  // namespace tandem::bench
