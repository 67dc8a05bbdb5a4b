#include "tandem/core/parameter_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace tandem {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(SplitParameter, CutsAtTheFirstColon) {
  EXPECT_EQ(split_parameter("blur:0.1-2").name, "blur");
  EXPECT_THAT(split_parameter("blur:0.1-2").parameter, Optional(std::string_view("0.1-2")));
  EXPECT_EQ(split_parameter("rela:0.9:0.99").name, "rela");
  EXPECT_THAT(split_parameter("rela:0.9:0.99").parameter, Optional(std::string_view("0.9:0.99")));
  EXPECT_EQ(split_parameter(":3").name, "");
}

TEST(SplitParameter, TellsNoParameterFromAnEmptyOne) {
  EXPECT_EQ(split_parameter("flip").name, "flip");
  EXPECT_EQ(split_parameter("flip").parameter, std::nullopt);
  EXPECT_EQ(split_parameter("flip:").name, "flip");
  EXPECT_THAT(split_parameter("flip:").parameter, Optional(std::string_view("")));
  EXPECT_EQ(split_parameter("").parameter, std::nullopt);
}

TEST(SplitList, CutsAtEveryComma) {
  EXPECT_THAT(split_list("flip"), ElementsAre("flip"));
  EXPECT_THAT(split_list("flip, blur:1-2,grayscale "),
              ElementsAre("flip", " blur:1-2", "grayscale "));
}

TEST(SplitList, KeepsEmptyParts) {
  EXPECT_THAT(split_list(""), ElementsAre(""));
  EXPECT_THAT(split_list(",a,,"), ElementsAre("", "a", "", ""));
}

TEST(Trimmed, LacksBlanksAtTheEndsAlone) {
  EXPECT_EQ(trimmed("a b"), "a b");
  EXPECT_EQ(trimmed(" \t a\tb \t"), "a\tb");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(ParseNumber, ReadsTheWholeTextOrNothing) {
  EXPECT_THAT(parse_number<std::int64_t>("-12"), Optional(-12));
  EXPECT_THAT(parse_number<double>("1e-5"), Optional(1e-5));
  EXPECT_THAT(parse_number<double>("7"), Optional(7.0));
  for (const char* text : {"", "x", "2x", "2 ", " 2", "+2", "2.5.1", "1:2", "0x10", "-"}) {
    EXPECT_EQ(parse_number<double>(text), std::nullopt) << text;
    EXPECT_EQ(parse_number<std::int64_t>(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_number<std::int64_t>("2.5"), std::nullopt);
  EXPECT_EQ(parse_number<std::int64_t>("2e3"), std::nullopt);
  EXPECT_EQ(parse_number<std::uint64_t>("-1"), std::nullopt);
}

TEST(ParseNumber, StopsWhereTheViewEnds) {
  const std::string text = "1234";
  EXPECT_THAT(parse_number<int>(std::string_view(text).substr(0, 2)), Optional(12));
}

TEST(ParseNumber, RefusesWhatIsNotFiniteOrDoesNotFit) {
  for (const char* text : {"inf", "-inf", "infinity", "nan", "NAN", "nan(1)", "1e999"}) {
    EXPECT_EQ(parse_number<double>(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_number<std::int64_t>("9223372036854775808"), std::nullopt);
  EXPECT_THAT(parse_number<std::uint64_t>("18446744073709551615"),
              Optional(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_EQ(parse_number<int>("2147483648"), std::nullopt);
}

TEST(ParseNumbers, ReadsNumbersBetweenSeparators) {
  EXPECT_THAT(parse_numbers("0.4", '-'), Optional(ElementsAre(0.4)));
  EXPECT_THAT(parse_numbers("0.1-2-3e2", '-'), Optional(ElementsAre(0.1, 2, 300)));
  EXPECT_THAT(parse_numbers<std::int64_t>("2-2-2-2", '-'), Optional(ElementsAre(2, 2, 2, 2)));
  EXPECT_THAT(parse_numbers("0.5 0.25", ' '), Optional(ElementsAre(0.5, 0.25)));
}

TEST(ParseNumbers, LeavesSignsToTheirNumbers) {
  EXPECT_THAT(parse_numbers("1e-5-0.5", '-'), Optional(ElementsAre(1e-5, 0.5)));
  EXPECT_THAT(parse_numbers("-1--2", '-'), Optional(ElementsAre(-1, -2)));
}

TEST(ParseNumbers, RefusesGapsAndWhatIsNoNumber) {
  for (const char* text : {"", "-", "1-", "1-x", "1-2-", "1:2", "1-inf", "nan", "1- 2", "1-2 "}) {
    EXPECT_EQ(parse_numbers(text, '-'), std::nullopt) << text;
  }
  EXPECT_EQ(parse_numbers<std::int64_t>("2-2.5", '-'), std::nullopt);
}

}  // namespace
}  // namespace tandem
