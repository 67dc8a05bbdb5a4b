// The readers of safetensors and of target stores.

#include "fuzz_target.h"
#include "small_store.h"
#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

/// Opens a store and reads its first and last rows.
void read_store(const fs::path& path) {
  read_or_refuse([&] {
    const TargetStore store(path);
    const std::int64_t rows[] = {0, store.count() - 1, store.count() / 2};
    store.keys();
    store.tables();
    store.read(rows);
  });
}

}  // namespace

void read_input(std::string_view bytes) {
  const MemoryFile input(bytes);
  TensorFile file;
  if (!read_or_refuse([&] { file = read_safetensors(input.path()); })) {
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

}  // namespace tandem
