// An image's answer does not depend on its batch: what a store holds is what the teacher would have
// said online, to the last bit.

#include <gtest/gtest.h>

#include <ostream>

#include "teacher_models.h"

namespace tandem {
namespace {

struct BatchCase {
  ModelConfig config;
  std::int64_t classes;
  int threads;
};

class BatchIndependence : public testing::TestWithParam<BatchCase> {
 protected:
  void SetUp() override { at::set_num_threads(GetParam().threads); }
  void TearDown() override { at::set_num_threads(threads_before_); }

 private:
  int threads_before_ = at::get_num_threads();
};

std::vector<BatchCase> batch_cases() {
  std::vector<BatchCase> cases;
  for (const int threads : {1, 2}) {
    cases.push_back({{.name = "convnet3", .width = 16}, 10, threads});
    cases.push_back({{.name = "resnet8"}, 100, threads});
    cases.push_back({{.name = "mlp"}, 10, threads});
  }
  cases.push_back({{.name = "convnet3", .width = 16}, 100, 1});
  cases.push_back({{.name = "convnet3", .width = 13, .norm = "instance"}, 10, 1});
  cases.push_back({{.name = "convnet3", .width = 128, .norm = "none"}, 1000, 1});
  cases.push_back({{.name = "resnet8"}, 10, 1});
  cases.push_back({{.name = "resnet18", .width = 24}, 100, 1});
  cases.push_back({{.name = "resnet34", .stem = "imagenet"}, 10, 1});
  cases.push_back({{.name = "resnet50", .width = 16}, 100, 1});
  return cases;
}

std::string label_of(const BatchCase& batch) {
  return batch.config.name + "_" + batch.config.norm + "_" + std::to_string(batch.config.width) +
         "_classes" + std::to_string(batch.classes) + "_threads" + std::to_string(batch.threads);
}

void PrintTo(const BatchCase& batch, std::ostream* stream) {
  *stream << label_of(batch);
}

INSTANTIATE_TEST_SUITE_P(Teacher, BatchIndependence, testing::ValuesIn(batch_cases()),
                         [](const auto& each) { return label_of(each.param); });

TEST_P(BatchIndependence, HoldsToTheLastBitInEveryOrderAndAtEverySize) {
  const auto teacher = random_teacher(GetParam().config, GetParam().classes);
  const torch::Tensor pixels = random_pixels(128);
  for (const Content content : {Content::kProbs, Content::kLogits, Content::kFeatures}) {
    const torch::Tensor answers = teacher->answer(pixels, content, 3);
    for (const std::int64_t size : {1, 7, 64, 100, 128}) {
      const std::vector<std::int64_t> order =
          permutation(128, {static_cast<std::uint64_t>(size), Stream::kOrder});
      const torch::Tensor rows =
          torch::tensor(order, torch::TensorOptions().dtype(torch::kInt64)).narrow(0, 0, size);
      EXPECT_TRUE(torch::equal(teacher->answer(pixels.index_select(0, rows), content, 3),
                               answers.index_select(0, rows)))
          << text_of(content) << " of " << size;
    }
    EXPECT_GT(answers.std(0).max().item<float>(), 1e-3 * answers.abs().max().item<float>())
        << "answers ignore the image";
  }
  RecordProperty("chunk", static_cast<int>(teacher->chunk_size()));
}

TEST(NetworkTeacher, FeedsConvolutionalNetworksInChunksOf64) {
  // A smaller chunk would be right too, and several times slower for deep networks.
  for (const char* name : {"convnet3", "resnet8", "resnet18"}) {
    EXPECT_EQ(random_teacher({.name = name, .width = 16})->chunk_size(), 64) << name;
  }
}

/// Rounds by place from the tenth image on, as a matrix product may.
class PlaceDependent : public NetworkTeacher {
 public:
  PlaceDependent()
      : NetworkTeacher(
            {.name = "odd", .shape = kTeacherImages, .normalisation = teacher_normalisation()},
            torch::kCPU, {.classes = 4}) {}
  const Fingerprint& fingerprint() const override { return fingerprint_; }
  std::int64_t largest_batch = 0;

 private:
  Outputs forward(const torch::Tensor& images) override {
    largest_batch = std::max(largest_batch, images.size(0));
    torch::Tensor logits = images.flatten(1).narrow(1, 0, 4).clone();
    if (images.size(0) > 9) {
      logits.narrow(0, 9, images.size(0) - 9).add_(1e-6);
    }
    return {logits, {}};
  }

  Fingerprint fingerprint_;
};

TEST(NetworkTeacher, TakesSmallerChunksWhereRoundingDependsOnThePlace) {
  PlaceDependent teacher;
  EXPECT_EQ(teacher.chunk_size(), 8);
  teacher.largest_batch = 0;
  const torch::Tensor pixels = random_pixels(30);
  const torch::Tensor answers = teacher.answer(pixels, Content::kLogits, 1);
  EXPECT_EQ(teacher.largest_batch, 8);
  EXPECT_TRUE(torch::equal(teacher.answer(pixels.flip(0), Content::kLogits, 1), answers.flip(0)));
}

TEST(NetworkTeacher, LooksForItsChunkAgainWhenTheNumberOfThreadsChanges) {
  PlaceDependent teacher;
  const int threads = at::get_num_threads();
  teacher.chunk_size();
  teacher.largest_batch = 0;
  teacher.chunk_size();
  EXPECT_EQ(teacher.largest_batch, 0);
  at::set_num_threads(threads + 1);
  teacher.chunk_size();
  EXPECT_EQ(teacher.largest_batch, 64);
  at::set_num_threads(threads);
}

}  // namespace
}  // namespace tandem
