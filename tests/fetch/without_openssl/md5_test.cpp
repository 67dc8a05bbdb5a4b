#include "md5.h"

#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "tandem/dataset/dataset_info.h"
#include "tandem/fetch/verify.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

TEST(Md5, SaysWhatThisBuildLacks) {
  expect_refusal([] { Md5(); }, {"no OpenSSL", "libssl-dev", "-DTANDEM_FETCH=ON"});
}

TEST(CheckFiles, SaysWhatThisBuildLacksAndNotThatAFileDiffers) {
  const TemporaryFolder folder;
  expect_refusal([&] { check_files({.name = "any"}, folder.path()); }, {"no OpenSSL"});
}

}  // namespace
}  // namespace tandem
