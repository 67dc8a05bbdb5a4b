#include "tandem/core/metadata.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace tandem {
namespace {

using testing::ElementsAre;
using testing::ThrowsMessage;

/// A reader of one entry, "tandem.entry".
class OneEntry {
 public:
  explicit OneEntry(std::string value) : metadata_{{"tandem.entry", std::move(value)}} {}
  const MetadataReader* operator->() const { return &reader_; }

 private:
  std::map<std::string, std::string> metadata_;
  MetadataReader reader_{metadata_, "cup.safetensors", "a cup of tea"};
};

auto no_tea(const std::string& why) {
  return ThrowsMessage<std::runtime_error>("cup.safetensors: not a cup of tea: " + why);
}

TEST(MetadataReader, SaysWhichEntryIsMissingFromWhat) {
  EXPECT_EQ(OneEntry("green")->text("entry"), "green");
  EXPECT_THAT([] { OneEntry("green")->text("milk"); }, no_tea("the metadata lacks 'tandem.milk'"));
  EXPECT_THAT([] { OneEntry("green")->refuse("it is cold"); }, no_tea("it is cold"));
}

TEST(MetadataReader, ReadsBackTheNumbersThatFmtWrites) {
  constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t number : {kLowest, kHighest, std::int64_t{0}, std::int64_t{-10}}) {
    EXPECT_EQ(OneEntry(fmt::to_string(number))->number("entry", kLowest, kHighest), number);
  }
  constexpr auto kLargest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(OneEntry(fmt::to_string(kLargest))->number("entry", std::uint64_t{0}, kLargest),
            kLargest);
  for (const double number : {1.0 / 3, 5e-324, -0.1, 0.0625, 2.0}) {
    EXPECT_EQ(OneEntry(fmt::to_string(number))->number("entry", -1.0, 2.0), number);
  }
}

TEST(MetadataReader, RefusesWhatIsNotSuchANumber) {
  for (const char* wrong : {"", "0", "13", "-2", "07", "+7", " 7", "7 ", "7.0", "1e1", "seven",
                            "18446744073709551617"}) {
    EXPECT_THAT([&] { OneEntry(wrong)->number<std::int64_t>("entry", 1, 12); },
                no_tea(fmt::format("'tandem.entry' should be a number in 1..12, is '{}'", wrong)));
  }
  for (const char* wrong : {"", "nan", "inf", "0.4", "2.1", "1,5", "1 "}) {
    EXPECT_THAT([&] { OneEntry(wrong)->number("entry", 0.5, 2.0); },
                no_tea(fmt::format("'tandem.entry' should be a number in 0.5..2, is '{}'", wrong)));
  }
  EXPECT_THROW(OneEntry("-1")->number<std::uint64_t>("entry", 0, 9), std::runtime_error);
}

TEST(MetadataReader, ReadsNumbersWithOneSpaceBetweenThem) {
  EXPECT_THAT(OneEntry("3 -16 0")->numbers<std::int64_t>("entry", 3), ElementsAre(3, -16, 0));
  EXPECT_THAT(OneEntry("0.30000000000000004 1e-17")->numbers<double>("entry", 2),
              ElementsAre(0.1 + 0.2, 1e-17));
  EXPECT_THROW(OneEntry("0.5 nan")->numbers<double>("entry", 2), std::runtime_error);
  for (const char* wrong : {"", "3", "3 4 5", "3  4", " 3 4", "3 4 ", "3 4x", "3x4", "3 04"}) {
    EXPECT_THAT([&] { OneEntry(wrong)->numbers<std::int64_t>("entry", 2); },
                no_tea(fmt::format("'tandem.entry' should be 2 numbers, is '{}'", wrong)));
  }
}

TEST(MetadataReader, ReadsTheExtentsOfImages) {
  EXPECT_THAT(OneEntry("3 16 12")->extents("entry"), ElementsAre(3, 16, 12));
  for (const char* wrong : {"", "3 16", "3 16 12 1", "3x16x12", "3 0 12", "-3 16 12"}) {
    EXPECT_THAT([&] { OneEntry(wrong)->extents("entry"); },
                no_tea(fmt::format("'tandem.entry' should be 3 numbers, channels, height and "
                                   "width, is '{}'",
                                   wrong)));
  }
}

TEST(MetadataReader, ReadsFingerprints) {
  const Fingerprint fingerprint = fingerprint_of("tea");
  EXPECT_EQ(OneEntry(fingerprint.hex())->fingerprint("entry"), fingerprint);
  EXPECT_THAT([] { OneEntry("12")->fingerprint("entry"); },
              no_tea("'tandem.entry' should be 32 hexadecimal digits, is '12'"));
}

}  // namespace
}  // namespace tandem
