#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace tandem {

/// Expects that `read` throws std::runtime_error whose message holds all of `parts`.
inline void expect_refusal(const std::function<void()>& read,
                           const std::vector<std::string>& parts) {
  try {
    read();
    ADD_FAILURE() << "expected a std::runtime_error";
  } catch (const std::runtime_error& error) {
    for (const std::string& part : parts) {
      EXPECT_THAT(error.what(), testing::HasSubstr(part));
    }
  }
}

/// Expects that `work` fails with an error of the system, as which it is thrown
/// (std::system_error), whose message holds all of `parts`.
inline void expect_system_error(const std::function<void()>& work, std::errc error,
                                const std::vector<std::string>& parts) {
  try {
    work();
    ADD_FAILURE() << "expected a std::system_error";
  } catch (const std::system_error& found) {
    EXPECT_EQ(found.code(), error) << found.what();
    for (const std::string& part : parts) {
      EXPECT_THAT(found.what(), testing::HasSubstr(part));
    }
  }
}

}  // namespace tandem
