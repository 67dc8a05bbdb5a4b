// safetensors_fuzz CORPUS: feeds damaged files to the readers of safetensors and of target stores.
// They may refuse one with std::runtime_error and nothing else. Seeds are written into CORPUS, if
// it is a folder without files.

#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "small_store.h"
#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

/// A file in memory, under a path that any process-local reader can open.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (descriptor_ < 0 ||
        ::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
      throw std::logic_error("cannot make a file in memory");
    }
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  fs::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

/// Opens a store and reads its first and last rows.
void read_store(const fs::path& path) {
  try {
    const TargetStore store(path);
    const std::int64_t rows[] = {0, store.count() - 1, store.count() / 2};
    store.keys();
    store.tables();
    store.read(rows);
  } catch (const std::runtime_error&) {
  }
}

/// Whether the bytes are a safetensors file, read in full.
bool read_tensors(const fs::path& path, TensorFile& file) {
  try {
    file = read_safetensors(path);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void read_input(std::string_view bytes) {
  const MemoryFile input(bytes);
  TensorFile file;
  if (!read_tensors(input.path(), file)) {
    return;
  }
  read_store(input.path());
  if (!file.metadata.contains("tandem.format")) {
    return;
  }
  // Hardly a mutant has right checksums, so that behind them nothing would be tried.
  static const TemporaryFolder folder;
  try {
    seal(file);
    write_safetensors(folder.path() / "sealed", file);
  } catch (const std::exception&) {  // rows that cannot be cut into blocks
    return;
  }
  read_store(folder.path() / "sealed");
}

void write_seeds(const fs::path& folder) {
  const Dataset dataset = toy_dataset(1, 3, 1, 3);
  const auto write = [&](const std::string& granularity, Content content,
                         const std::string& encoding) {
    const StoreDescription description = small_description(dataset, granularity, content, encoding);
    write_small_store(folder / (granularity.substr(0, 4) + "-" + encoding.substr(0, 3)), dataset,
                      description, made_up_targets(description));
  };
  write("cluster:1", Content::kProbs, "top-k:2:u8");
  write("view", Content::kProbs, "u8");
  write("sample", Content::kLogits, "u8");
  write("pool:2", Content::kFeatures, "fp16");
  write_safetensors(folder / "plain",
                    {.tensors = {{"a", torch::ones({2}, torch::kBool)}, {"b", torch::ones({1, 2})}},
                     .metadata = {{"k", "v"}}});
}

}  // namespace
}  // namespace tandem

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
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
