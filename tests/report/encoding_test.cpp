#include <gtest/gtest.h>

#include <string>

#include "base64.h"
#include "markup.h"

namespace tandem {
namespace {

TEST(EncodeBase64, EqualsTheTestVectorsOfRfc4648) {
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64("f"), "Zg==");
  EXPECT_EQ(encode_base64("fo"), "Zm8=");
  EXPECT_EQ(encode_base64("foo"), "Zm9v");
  EXPECT_EQ(encode_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(encode_base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encode_base64(std::string("\xFF\x00\xFE", 3)), "/wD+");
}

TEST(EscapeMarkup, LeavesNothingThatOpensATagOrClosesAnAttribute) {
  EXPECT_EQ(escape_markup("<a href=\"x\" b='y'>&"),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
  EXPECT_EQ(escape_markup("caf\xC3\xA9\n"), "caf\xC3\xA9\n");
  EXPECT_EQ(escape_markup(std::string("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
}

}  // namespace
}  // namespace tandem
