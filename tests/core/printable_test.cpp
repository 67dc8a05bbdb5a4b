#include "tandem/core/printable.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

TEST(Printable, LeavesTextAsItIs) {
  for (const std::string text :
       {"", "cat", "Größe 日本 😀 ·", "a \\x1b that was written out", "two\nlines"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(printable("\x1b[31mred\x1b]0;title\x07"), "\\x1b[31mred\\x1b]0;title\\x07");
  EXPECT_EQ(printable("a\rb\tc\x7f"), "a\\x0db\\x09c\\x7f");
  EXPECT_EQ(printable(std::string("zero\0byte", 9)), "zero\\x00byte");
  EXPECT_EQ(printable("\xc2\x9b\x31m"), "\\xc2\\x9b1m");            // CSI in one character
  EXPECT_EQ(printable("gnp.\u202etac"), "gnp.\\xe2\\x80\\xaetac");  // from right to left
}

TEST(Printable, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("caf\xe9"), "caf\\xe9");
  EXPECT_EQ(printable("\xc3"), "\\xc3");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // a slash in two bytes
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // half of a pair of UTF-16
  EXPECT_EQ(printable("\xff\xf8ok"), "\\xff\\xf8ok");
}

TEST(Printable, ShowsLineEndsWhereALineIsWanted) {
  EXPECT_EQ(printable("one\ntwo", LineEnds::kShown), "one\\x0atwo");
}

}  // namespace
}  // namespace tandem
