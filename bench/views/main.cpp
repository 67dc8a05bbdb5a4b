// bench_views [FIGURE...]: measures augmentations.

#include "figures.h"

int main(int argc, char** argv) {
  using namespace tandem::bench;
  return run_program("views",
                     {{"pad-crop", measure_pad_crop},
                      {"resized-crop", measure_resized_crop},
                      {"color-jitter", measure_color_jitter},
                      {"randaugment", measure_randaugment},
                      {"train", measure_train},
                      {"jpeg", measure_jpeg}},
                     argc, argv);
}
