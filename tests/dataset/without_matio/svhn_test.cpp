#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "file_bytes.h"
#include "tandem/dataset/catalog.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

TEST(ReadSvhn, SaysWhatThisBuildLacksAndNotHowToGetFilesThatAreThere) {
  const TemporaryFolder folder;
  write_bytes(folder.path() / "test_32x32.mat", patterned_bytes(1000));
  const auto load = [&] { load_dataset("svhn", Split::kTest, {.folder = folder.path()}); };
  expect_refusal(load, {"test_32x32.mat", "no matio", "libmatio-dev", "-DTANDEM_MATLAB=ON"});
  EXPECT_THAT(load, testing::ThrowsMessage<std::runtime_error>(
                        testing::Not(testing::HasSubstr("to get the files"))));
}

}  // namespace
}  // namespace tandem
