#include "unpack.h"

#include <gtest/gtest.h>

#include "expect_refusal.h"

namespace tandem {
namespace {

TEST(UnpackArchive, SaysWhatThisBuildLacks) {
  expect_refusal([] { unpack_archive("set.tar.gz", "."); },
                 {"set.tar.gz", "no libarchive", "libarchive-dev", "-DTANDEM_FETCH=ON"});
}

}  // namespace
}  // namespace tandem
