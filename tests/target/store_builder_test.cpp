// A store made in parts: whoever labels what, in which order and after which mishap, its bytes are
// the same, and what is not a part of it is refused.

#include "tandem/target/store_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <stdexcept>

#include "small_store.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/interrupted.h"
#include "teacher_models.h"
#include "temporary_folder.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// Answers without a network: functions of an image's pixels.
class PixelTeacher : public Teacher {
 public:
  torch::Tensor answer(const torch::Tensor& pixels, Content content, double temperature) override {
    const torch::Tensor flat = pixels.flatten(1).to(torch::kFloat32) / 255;
    if (content == Content::kFeatures) {
      return flat.slice(1, 0, 6).contiguous();
    }
    const torch::Tensor logits = flat.slice(1, 0, 4) * 5;
    return content == Content::kLogits ? logits : torch::softmax(logits / temperature, 1);
  }
  std::int64_t width(Content content) const override {
    return content == Content::kFeatures ? 6 : 4;
  }
  std::int64_t class_count() const override { return 4; }
  const Fingerprint& fingerprint() const override { return fingerprint_; }

 private:
  Fingerprint fingerprint_{.high = 1, .low = 2};
};

class Building : public testing::Test {
 protected:
  StoreBuilder builder(const std::string& name, std::int64_t components = 0) const {
    std::vector<std::int64_t> samples(static_cast<std::size_t>(dataset_.size()));
    std::iota(samples.begin(), samples.end(), 5);
    StoreDescription description = description_;
    description.width = components > 0 ? components : description.width;
    return StoreBuilder(description, dataset_, samples, components, path(name));
  }

  void describe(const std::string& granularity, Content content, const std::string& encoding) {
    description_ = small_description(dataset_, granularity, content, encoding);
  }

  fs::path path(const std::string& name) const { return folder_.path() / name; }
  fs::path shard(const std::string& name, const std::string& number) const {
    return path(name + ".parts") / ("shard-0000" + number + ".safetensors");
  }

  /// Labels everything in order, in one go.
  std::string whole(const std::string& name, std::int64_t components = 0) {
    StoreBuilder all = builder(name, components);
    if (all.must_prepare()) {
      all.prepare(teacher_);
    }
    for (std::int64_t k = 0; k < all.shard_count(); ++k) {
      all.label_shard(teacher_, k);
    }
    double teacher_s = -1;
    all.merge([&](double seconds) { teacher_s = seconds; });
    EXPECT_GE(teacher_s, 0);
    EXPECT_FALSE(fs::exists(path(name + ".parts")));
    return read_file(path(name));
  }

  TemporaryFolder folder_;
  Dataset dataset_ = toy_dataset(1500, 4, 1, 4);
  StoreDescription description_;
  PixelTeacher teacher_;
};

TEST_F(Building, GivesTheSameBytesInAnyOrderAndByTwoBuilders) {
  describe("view", Content::kProbs, "top-k:2:u8");
  const std::string expected = whole("whole");
  StoreBuilder one = builder("parts"), two = builder("parts");
  ASSERT_EQ(one.shard_count(), 3);  // 12,000 views
  two.label_shard(teacher_, 2);
  one.label_shard(teacher_, 0);
  two.label_shard(teacher_, 1);
  one.label_shard(teacher_, 0);  // both were at it
  EXPECT_TRUE(one.has_shard(2));
  one.merge();
  EXPECT_EQ(read_file(path("parts")), expected);
}

TEST_F(Building, GoesOnAfterAKillThatLeftAHalfWrittenFile) {
  describe("view", Content::kLogits, "u8");
  const std::string expected = whole("whole");
  builder("killed").label_shard(teacher_, 1);
  std::ofstream(shard("killed", "0").string() + ".tmp-123-0") << "half";
  StoreBuilder again = builder("killed");
  EXPECT_TRUE(again.has_shard(1));
  EXPECT_FALSE(again.has_shard(0));
  EXPECT_THAT([&] { again.merge(); },
              ThrowsMessage<std::runtime_error>(HasSubstr("shard-00000.safetensors")));
  EXPECT_FALSE(fs::exists(path("killed")));
  again.label_shard(teacher_, 0);
  again.label_shard(teacher_, 2);
  again.merge();
  EXPECT_EQ(read_file(path("killed")), expected);
  EXPECT_FALSE(fs::exists(path("killed.parts")));
}

TEST_F(Building, StopsWhenAskedAndLeavesNoHalfShard) {
  describe("sample", Content::kProbs, "fp32");
  StoreBuilder stopped = builder("store");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(stopped.label_shard(teacher_, 0, {}, stop.get_token()), Interrupted);
  EXPECT_FALSE(stopped.has_shard(0));
}

TEST_F(Building, RefusesPartsOfAnotherLabellingWhereverTheyLie) {
  describe("view", Content::kProbs, "fp32");
  builder("store").label_shard(teacher_, 1);
  const StoreDescription right = description_;
  const auto refused = ThrowsMessage<std::runtime_error>(AllOf(
      HasSubstr("shard-00001"), HasSubstr("another labelling"), HasSubstr("choose another --out")));
  description_.teacher_fingerprint.low = 9;
  EXPECT_THAT([&] { builder("store"); }, refused);
  description_ = right;
  description_.view_seed = 9;
  EXPECT_THAT([&] { builder("store"); }, refused);
  description_ = right;
  description_.encoding = Encoding::parse("fp16");
  EXPECT_THAT([&] { builder("store"); }, refused);
  builder("other").label_shard(teacher_, 0);
  description_ = right;
  EXPECT_NO_THROW(builder("store"));
  // A right part beside a wrong one does not make it right.
  fs::copy(shard("other", "0"), shard("store", "0"));
  EXPECT_THAT([&] { builder("store"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("shard-00000")));
}

TEST_F(Building, RefusesAPartThatIsDamagedOrStandsInAnothersPlace) {
  describe("view", Content::kProbs, "u8");
  StoreBuilder store = builder("store");
  for (std::int64_t k = 0; k < 3; ++k) {
    store.label_shard(teacher_, k);
  }
  const std::string good = read_file(shard("store", "1"));
  const auto refused = [&](const std::string& bytes) {
    write_file_atomically(shard("store", "1"), bytes);
    EXPECT_THAT([&] { store.merge(); }, ThrowsMessage<std::runtime_error>(AllOf(
                                            HasSubstr("shard-00001"), HasSubstr("label again"))));
  };
  std::string bad = good;
  bad[bad.size() - 100] ^= 1;
  refused(bad);
  refused(read_file(shard("store", "0")));
  EXPECT_FALSE(fs::exists(path("store")));
  write_file_atomically(shard("store", "1"), good);
  store.merge();
  TargetStore(path("store")).verify();
}

TEST_F(Building, AveragesInAClusterExactlyItsMembers) {
  dataset_ = toy_dataset(100, 4, 1, 4);
  describe("sample", Content::kProbs, "fp32");
  whole("sample");
  describe("cluster:3", Content::kProbs, "fp32");
  const std::string first = whole("clusters");
  EXPECT_EQ(first, whole("again"));
  const TargetStore samples(path("sample")), clusters(path("clusters"));
  const torch::Tensor each = read_all(samples).to(torch::kFloat64), rows = read_all(clusters);
  const torch::Tensor row_of_sample = clusters.tables().at("clusters");
  ASSERT_EQ(rows.size(0), 12);
  EXPECT_TRUE(torch::equal(torch::div(row_of_sample, 3, "floor"), dataset_.labels()));
  for (std::int64_t row = 0; row < 12; ++row) {
    const torch::Tensor members = each.index({row_of_sample == row});
    ASSERT_GT(members.size(0), 0);
    EXPECT_TRUE(torch::allclose(rows[row], members.mean(0).to(torch::kFloat32), 0, 1e-7)) << row;
  }
}

TEST_F(Building, ReducesFeaturesByTheComponentsThatStandBesideThem) {
  dataset_ = toy_dataset(100, 4, 1, 4);
  describe("sample", Content::kFeatures, "fp32");
  whole("full");
  whole("reduced", 2);
  const TargetStore full(path("full")), reduced(path("reduced"));
  const auto tables = reduced.tables();
  const torch::Tensor expected =
      torch::matmul(read_all(full) - tables.at("pca_mean"), tables.at("pca_basis").t());
  EXPECT_TRUE(torch::allclose(read_all(reduced), expected, 0, 1e-5));
  EXPECT_EQ(reduced.samples()[3], 8);
}

TEST_F(Building, RefusesMoreClustersThanAClassHasSamples) {
  dataset_ = toy_dataset(2, 4, 1, 4);
  describe("cluster:3", Content::kProbs, "fp32");
  StoreBuilder store = builder("store");
  EXPECT_THAT([&] { store.prepare(teacher_); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("class 'bar 0' has 2 samples only")));
}

}  // namespace
}  // namespace tandem
