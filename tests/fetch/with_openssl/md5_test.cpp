#include "md5.h"

#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "file_bytes.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

std::string hex_md5(const std::string& text) {
  return Md5().bytes(std::as_bytes(std::span(text))).hex();
}

TEST(Md5, EqualsTheTestVectorsOfRfc1321) {
  EXPECT_EQ(hex_md5(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex_md5("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  const TemporaryFolder folder;
  const Bytes bytes = patterned_bytes(1'000'000);
  write_bytes(folder.path() / "plain", bytes);
  write_gzipped(folder.path() / "packed.gz", bytes);
  EXPECT_EQ(md5_of_file(folder.path() / "plain"), hex_md5({bytes.begin(), bytes.end()}));
  EXPECT_EQ(md5_of_gzipped(folder.path() / "packed.gz"), md5_of_file(folder.path() / "plain"));
  expect_refusal([&] { md5_of_gzipped(folder.path() / "plain"); }, {"plain", "gzip"});
  expect_refusal([&] { md5_of_file(folder.path() / "none"); }, {"none"});
}

TEST(Md5, IsThatOfTheWholeInWhateverPiecesItCame) {
  std::string text;
  for (std::size_t size = 0; size < 200; ++size, text += static_cast<char>(size * 37)) {
    const auto whole = std::as_bytes(std::span(text));
    for (const std::size_t first : {std::size_t{0}, size / 3, size / 2, size}) {
      Md5 md5;
      md5.bytes(whole.first(first)).bytes(whole.subspan(first));
      EXPECT_EQ(md5.hex(), hex_md5(text)) << first << " of " << size;
    }
  }
}

}  // namespace
}  // namespace tandem
