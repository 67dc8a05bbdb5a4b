#include "tandem/core/error_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

namespace tandem {
namespace {

TEST(ErrorText, OfLibTorchIsItsSentenceWithoutATrace) {
  try {
    torch::zeros({2, 3}).matmul(torch::zeros({2, 3}));
    FAIL() << "expected an error";
  } catch (const std::exception& error) {
    EXPECT_THAT(error_text(error), testing::HasSubstr("cannot be multiplied"));
    EXPECT_THAT(error_text(error), testing::Not(testing::HasSubstr("frame #")));
    EXPECT_THAT(error_text(error), testing::Not(testing::HasSubstr("\n")));
  }
}

TEST(ErrorText, OfAFailedModuleIsTheReasonBehindItsTrace) {
  const std::runtime_error failed(
      "The following operation failed in the TorchScript interpreter.\n"
      "Traceback of TorchScript, serialized code (most recent call last):\n"
      "  File \"code/__torch__.py\", line 9, in forward\n"
      "    _0 = torch.matmul(x, weight)\n"
      "         ~~~~~~~~~~~~ <--- HERE\n"
      "    return _0\n"
      "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x784 and 100x10)\n");
  EXPECT_EQ(error_text(failed), "mat1 and mat2 shapes cannot be multiplied (2x784 and 100x10)");
}

TEST(ErrorText, OfAModuleThatDoesNotLoadIsWhatComesBeforeItsSource) {
  try {
    TORCH_CHECK(false,
                "\nUnknown builtin op: torchvision::nms.\nCould not find any similar ops.\n:\n"
                "  File \"code/__torch__.py\", line 9\n    _1 = ops.torchvision.nms(x)\n"
                "         ~~~~~~~~~~~~~~~~~~~ <--- HERE\n    return _1\n");
  } catch (const std::exception& error) {
    EXPECT_EQ(error_text(error), "Unknown builtin op: torchvision::nms.");
  }
}

TEST(ErrorText, OfOthersIsAllThatTheySay) {
  EXPECT_EQ(error_text(std::runtime_error("a.txt: expected\none thing")),
            "a.txt: expected\none thing");
}

}  // namespace
}  // namespace tandem
