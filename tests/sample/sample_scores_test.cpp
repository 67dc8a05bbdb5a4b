// Files of scores: read as they were written, refused when they are none.

#include "tandem/sample/sample_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tandem/core/safetensors.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class ScoresFile : public testing::Test {
 protected:
  ScoresFile() {
    write_scores(path_, {.score = "confidence",
                         .values = torch::tensor({0.5F, 0.25F}),
                         .samples = {3, 7},
                         .hard = "low",
                         .typical = "median",
                         .dataset = "toy",
                         .dataset_fingerprint = {.high = 1, .low = 2},
                         .notes = {{"teacher", "t"}}});
  }

  void expect_refused(const std::function<void(TensorFile&)>& change, const std::string& word) {
    TensorFile file = read_safetensors(path_);
    change(file);
    const auto changed = folder_.path() / "changed.safetensors";
    write_safetensors(changed, file);
    EXPECT_THAT([&] { read_scores(changed); },
                ThrowsMessage<std::runtime_error>(
                    testing::AllOf(HasSubstr(word), HasSubstr("changed.safetensors"))));
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "scores.safetensors";
};

TEST_F(ScoresFile, IsReadAsItWasWritten) {
  const SampleScores scores = read_scores(path_);
  EXPECT_EQ(scores.score, "confidence");
  EXPECT_TRUE(torch::equal(scores.values, torch::tensor({0.5F, 0.25F})));
  EXPECT_EQ(scores.samples, (std::vector<std::int64_t>{3, 7}));
  EXPECT_EQ(scores.dataset_fingerprint, (Fingerprint{.high = 1, .low = 2}));
  EXPECT_EQ(scores.notes, (std::map<std::string, std::string>{{"teacher", "t"}}));
}

TEST_F(ScoresFile, IsRefusedWhenItIsNotOne) {
  expect_refused([](TensorFile& f) { f.metadata.clear(); }, "lacks 'tandem.format'");
  expect_refused([](TensorFile& f) { f.metadata["tandem.format"] = "2"; }, "'2' is unknown");
  expect_refused([](TensorFile& f) { f.metadata["tandem.hard"] = "top"; }, "'top'");
  expect_refused([](TensorFile& f) { f.metadata["tandem.dataset_fingerprint"] = "12"; }, "'12'");
  expect_refused([](TensorFile& f) { f.tensors.erase("scores"); }, "'scores', Float [n]");
  expect_refused([](TensorFile& f) { f.tensors["samples"] = torch::zeros({3}, torch::kInt64); },
                 "2 scores for 3 samples");
  expect_refused([](TensorFile& f) { f.tensors["scores"].fill_(std::nanf("")); }, "not finite");
}

TEST_F(ScoresFile, IsRefusedWhenItIsNotWhatWasWritten) {
  expect_refused([](TensorFile& f) { f.tensors["scores"][0] += 0.125; }, "damaged");
  expect_refused([](TensorFile& f) { f.tensors["samples"][1] += 1; }, "damaged");
  expect_refused([](TensorFile& f) { f.metadata["tandem.dataset"] = "toy2"; }, "damaged");
  expect_refused([](TensorFile& f) { f.metadata.erase("tandem.content_fingerprint"); }, "missing");
}

TEST_F(ScoresFile, OfTheFormatWithoutAFingerprintIsReadAsItStands) {
  TensorFile file = read_safetensors(path_);
  file.metadata["tandem.format"] = "sample-scores-1";
  file.metadata.erase("tandem.content_fingerprint");
  file.tensors["scores"][0] = 0.75;
  write_safetensors(path_, file);
  EXPECT_EQ(read_scores(path_).values[0].item<double>(), 0.75);
}

}  // namespace
}  // namespace tandem
