// NAME_fuzz CORPUS: libFuzzer's entry points, for any target. Seeds are written into CORPUS, if it
// is a folder without files.

#include "fuzz_target.h"

#include <ATen/Parallel.h>

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  at::set_num_threads(1);
  for (int k = 1; k < *argc; ++k) {
    const std::filesystem::path folder = (*argv)[k];
    if (std::filesystem::is_directory(folder) && std::filesystem::is_empty(folder)) {
      tandem::write_seeds(folder);
    }
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tandem::read_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
