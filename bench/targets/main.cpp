// bench_targets [FIGURE...]: measures target stores.

#include "figures.h"

int main(int argc, char** argv) {
  using namespace tandem::bench;
  return run_program("targets",
                     {{"bytes", measure_bytes},
                      {"reads", measure_reads},
                      {"student", measure_student},
                      {"label-once", measure_label_once}},
                     argc, argv);
}
