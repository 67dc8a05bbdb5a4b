// The reader of CIFAR's binary batches; the first byte says of which kind.

#include "cifar.h"
#include "file_bytes.h"
#include "fuzz_target.h"

namespace tandem {

void read_input(std::string_view bytes) {
  const bool hundred = !bytes.empty() && bytes[0] % 2 != 0;
  const MemoryFile input(bytes.substr(std::min<std::size_t>(bytes.size(), 1)));
  read_or_refuse([&] {
    read_cifar("cifar", hundred ? CifarKind::kCifar100 : CifarKind::kCifar10, {input.path()},
               {"a", "b", "c"});
  });
}

void write_seeds(const std::filesystem::path& folder) {
  for (const std::size_t labels : {1, 2}) {
    Bytes bytes(1 + labels + 3072);
    bytes[0] = static_cast<std::uint8_t>(labels - 1);
    write_bytes(folder / ("of" + std::to_string(labels)), bytes);
  }
}

}  // namespace tandem
