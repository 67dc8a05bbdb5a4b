// A folder of pictures as this program decodes them, for other libraries to compare with:
//
//   dump_pictures CACHE ROOT SIDE
//
// Prints the path of the cache file of ROOT/train, which holds the images and the files' names.
#include <stdlib.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "tandem/dataset/catalog.h"
#include "tandem/dataset/image_report.h"

namespace tandem {
namespace {

void dump(const std::vector<std::string>& arguments) {
  if (arguments.size() != 4) {
    throw std::invalid_argument("usage: dump_pictures CACHE ROOT SIDE");
  }
  ::setenv("TANDEM_CACHE", arguments[1].c_str(), /*overwrite=*/1);
  ImageReport report;
  load_dataset("image-folder", Split::kTrain,
               {.folder = arguments[2],
                .size = std::stoll(arguments[3]),
                .report = &report,
                .on_progress = {}});
  std::puts(report.cache.c_str());
}

}  // namespace
}  // namespace tandem

int main(int count, char** arguments) {
  try {
    tandem::dump({arguments, arguments + count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dump_pictures: %s\n", error.what());
    return 1;
  }
}
