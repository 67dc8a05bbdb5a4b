// The reader of SVHN's MATLAB files. Hardly a mutant of deflated bytes inflates, so each input is
// also read as the content of a compressed element.

#include "fuzz_target.h"
#include "mat_bytes.h"
#include "svhn.h"

namespace tandem {
namespace {

constexpr std::size_t kHeaderBytes = 128;

void read_mat(std::string_view bytes) {
  const MemoryFile input(bytes);
  read_or_refuse([&] {
    read_svhn("svhn", input.path(), {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  });
}

}  // namespace

void read_input(std::string_view bytes) {
  read_mat(bytes);
  if (bytes.size() <= kHeaderBytes) {
    return;
  }
  const Bytes packed = deflated(Bytes(bytes.begin() + kHeaderBytes, bytes.end()));
  Bytes file(bytes.begin(), bytes.begin() + kHeaderBytes);
  append_number(file, std::uint32_t{15});
  append_number(file, static_cast<std::uint32_t>(packed.size()));
  file.insert(file.end(), packed.begin(), packed.end());
  read_mat({reinterpret_cast<const char*>(file.data()), file.size()});
}

void write_seeds(const std::filesystem::path& folder) {
  const std::vector<MatVariable> variables{
      {.name = "y", .shape = {1, 1}, .data = {3}},
      {.name = "X", .shape = {32, 32, 3, 1}, .data = Bytes(3072, 7)}};
  write_bytes(folder / "plain", mat_bytes(variables, false));
  write_bytes(folder / "compressed", mat_bytes(variables, true));
}

}  // namespace tandem
