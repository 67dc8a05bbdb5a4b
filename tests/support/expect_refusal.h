#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
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

}  // namespace tandem
