// What unpacks archives. The checksums of tar headers are set right first, and each input is also
// gzipped.

#include <cstdio>
#include <cstring>
#include <fstream>

#include "archives.h"
#include "file_bytes.h"
#include "fuzz_target.h"
#include "temporary_folder.h"
#include "unpack.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 512, kSumPlace = 148, kSumBytes = 8;

/// Of the first block and of those that follow a member that says how long it is.
void set_checksums(Bytes& tar) {
  for (std::size_t place = 0; place + kBlock <= tar.size();) {
    std::uint8_t* header = tar.data() + place;
    const std::string size(header + 124, header + 135);
    std::memset(header + kSumPlace, ' ', kSumBytes);
    unsigned sum = 0;
    for (std::size_t k = 0; k < kBlock; ++k) {
      sum += header[k];
    }
    std::snprintf(reinterpret_cast<char*>(header + kSumPlace), kSumBytes, "%06o", sum);
    const std::size_t blocks = (std::strtoul(size.c_str(), nullptr, 8) + kBlock - 1) / kBlock;
    if (blocks > (tar.size() - place) / kBlock) {
      return;
    }
    place += kBlock * (1 + blocks);
  }
}

void unpack_bytes(const fs::path& archive) {
  static const TemporaryFolder folder;
  const fs::path target = folder.path() / "data", outside = folder.path() / "outside";
  fs::create_directories(target);
  read_or_refuse([&] { unpack_archive(archive, target, {.bytes = 1 << 20, .members = 20}); });
  must_hold(!fs::exists(outside), "nothing is written outside of the folder");
  fs::remove_all(target);
}

}  // namespace

void read_input(std::string_view text) {
  static const TemporaryFolder folder;
  Bytes bytes(text.begin(), text.end());
  if (!text.starts_with("PK")) {
    set_checksums(bytes);
  }
  unpack_bytes(write_bytes(folder.path() / "archive", bytes));
  unpack_bytes(write_gzipped(folder.path() / "archive.gz", bytes));
}

void write_seeds(const fs::path& folder) {
  const std::vector<Member> members{{.name = "set/", .type = AE_IFDIR},
                                    {.name = "set/a.txt", .content = "first"},
                                    {.name = "../outside", .content = "x"},
                                    {.name = "door", .link = "../outside"}};
  write_archive(folder / "set.zip", members);
  const TemporaryFolder temporary;
  const gzFile packed =
      gzopen(write_archive(temporary.path() / "set.tar.gz", members).c_str(), "rb");
  Bytes tar(1 << 14);
  tar.resize(static_cast<std::size_t>(gzread(packed, tar.data(), 1 << 14)));
  gzclose(packed);
  write_bytes(folder / "set.tar", tar);
}

}  // namespace tandem
