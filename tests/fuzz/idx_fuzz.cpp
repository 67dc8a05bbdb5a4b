// The reader of idx files, plain and gzipped.

#include "file_bytes.h"
#include "fuzz_target.h"
#include "idx.h"

namespace tandem {

void read_input(std::string_view bytes) {
  const MemoryFile input(bytes);
  read_or_refuse([&] { read_idx(input.path()); });
}

void write_seeds(const std::filesystem::path& folder) {
  const Bytes images = idx_bytes({2, 3, 5}, patterned_bytes(30));
  write_bytes(folder / "images", images);
  write_bytes(folder / "labels", idx_bytes({4}, {0, 1, 2, 3}));
  write_gzipped(folder / "images.gz", images);
}

}  // namespace tandem
