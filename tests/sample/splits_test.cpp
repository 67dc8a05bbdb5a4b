// What a trial learns from: choices, noise and degradation touch the training part alone, and a
// sample is the same in every subset.

#include "tandem/sample/splits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "degradation.h"
#include "subset.h"
#include "tandem/core/safetensors.h"
#include "tandem/sample/sample_scores.h"
#include "temporary_folder.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class SplitSamples : public testing::Test {
 protected:
  static DataConfig config() { return {.name = "toy", .validation = 40, .seed = 5}; }

  Splits split(const DataConfig& config) const { return split_samples(all_, config); }

  std::string refusal(const DataConfig& config) const {
    try {
      split(config);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "nothing was refused";
  }

  /// Scores of the whole training part, in a file; `values` by place in the training split.
  std::string write(const torch::Tensor& values, const DataConfig& config,
                    const std::string& hard = "high", const std::string& typical = "median") {
    const Splits part = split(config);
    const torch::Tensor places = torch::tensor(part.train_indices, torch::kInt64);
    const fs::path path = folder_.path() / "scores.safetensors";
    write_scores(path, {.score = "made",
                        .values = values.index_select(0, places),
                        .samples = part.train_indices,
                        .hard = hard,
                        .typical = typical,
                        .dataset = part.train.name(),
                        .dataset_fingerprint = part.train.fingerprint()});
    return path.string();
  }

  std::vector<std::int64_t> counts(const Dataset& dataset) const {
    const torch::Tensor counted = torch::bincount(dataset.labels(), {}, dataset.class_count());
    return {counted.data_ptr<std::int64_t>(), counted.data_ptr<std::int64_t>() + counted.numel()};
  }

  Dataset all_ = toy_dataset(110, 4, 1);  // 400 are left to learn from
  torch::Tensor scores_ = torch::arange(440, torch::kFloat32).mul(37).remainder(441);
  TemporaryFolder folder_;
};

using Counts = std::vector<std::int64_t>;

TEST_F(SplitSamples, OfARandomSubsetAreThoseThatDataTrainHasAlwaysMeant) {
  const Splits whole = split(config());
  const ValidationSplit held_out = split_validation(all_, 40, 5);
  EXPECT_EQ(whole.train_indices, held_out.train);
  DataConfig some = config();
  some.train = 60;
  std::vector<std::int64_t> expected;
  for (const std::int64_t k : stratified_subset(whole.train, 60, 5)) {
    expected.push_back(held_out.train[static_cast<std::size_t>(k)]);
  }
  EXPECT_EQ(split(some).train_indices, expected);
  EXPECT_EQ(split(some).train.fingerprint(), select(all_, expected).fingerprint());
  some.train = 0;
  some.fraction = 0.15;
  EXPECT_EQ(split(some).train_indices, expected);
  EXPECT_EQ(samples_text(some), "");
}

TEST_F(SplitSamples, OfEachClassAreBalancedAndNested) {
  DataConfig some = config();
  some.per_class = 7;
  const Splits seven = split(some);
  EXPECT_EQ(counts(seven.train), (Counts{7, 7, 7, 7}));
  some.per_class = 20;
  const Splits twenty = split(some);
  EXPECT_EQ(counts(twenty.train), (Counts{20, 20, 20, 20}));
  EXPECT_TRUE(std::includes(twenty.train_indices.begin(), twenty.train_indices.end(),
                            seven.train_indices.begin(), seven.train_indices.end()));
}

TEST_F(SplitSamples, ChosenByScoresAreTheFirstOfEachClassWhenSorted) {
  DataConfig some = config();
  some.fraction = 0.2;
  some.scores = write(scores_, config());
  const Splits whole = split(config());
  const auto extremes = [&](std::int64_t label, bool highest) {
    std::vector<std::pair<float, std::int64_t>> sorted;
    for (const std::int64_t place : whole.train_indices) {
      if (all_.labels()[place].item<std::int64_t>() == label) {
        const float score = scores_[place].item<float>();
        sorted.emplace_back(highest ? -score : score, place);
      }
    }
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::int64_t> places;
    for (std::size_t k = 0; k < 20; ++k) {
      places.push_back(sorted[k].second);
    }
    return places;
  };
  std::vector<std::int64_t> highest, lowest;
  for (std::int64_t label = 0; label < 4; ++label) {
    for (const auto& [all, high] : {std::pair{&highest, true}, {&lowest, false}}) {
      const auto part = extremes(label, high);
      all->insert(all->end(), part.begin(), part.end());
    }
  }
  std::sort(highest.begin(), highest.end());
  std::sort(lowest.begin(), lowest.end());
  some.choose = "hardest";
  EXPECT_EQ(split(some).train_indices, highest);
  some.choose = "easiest";
  EXPECT_EQ(split(some).train_indices, lowest);
  // Typical samples lie between the two.
  some.choose = "typical";
  const Splits typical = split(some);
  EXPECT_EQ(counts(typical.train), (Counts{20, 20, 20, 20}));
  for (const std::int64_t place : typical.train_indices) {
    EXPECT_GT(scores_[place].item<float>(), 150);
    EXPECT_LT(scores_[place].item<float>(), 290);
  }
  EXPECT_THAT(samples_text(some), HasSubstr("typical by scores.safetensors"));
}

TEST_F(SplitSamples, ChosenByScoresOfOtherSamplesAreRefused) {
  DataConfig some = config();
  some.fraction = 0.2;
  some.choose = "hardest";
  some.scores = write(scores_, config());
  EXPECT_EQ(refusal(some), "nothing was refused");
  some.seed = 6;
  EXPECT_THAT(refusal(some), AllOf(HasSubstr("fingerprint"), HasSubstr("held out by seed 6")));
  some.seed = 5;
  some.validation = 41;
  EXPECT_THAT(refusal(some), HasSubstr("these scores are of 400 samples of toy"));
  some.validation = 40;
  some.scores = write(scores_, config(), "none", "low");
  EXPECT_THAT(refusal(some), HasSubstr("what is typical, not what is hard"));
  some.choose = "typical";
  EXPECT_EQ(refusal(some), "nothing was refused");
}

TEST_F(SplitSamples, MayBeChosenByScoresOfCleanOrOfTheirOwnNoisyLabels) {
  DataConfig noisy = config();
  noisy.label_noise = 0.3;
  DataConfig some = noisy;
  some.per_class = 10;
  some.choose = "easiest";
  some.scores = write(scores_, config());
  const Splits by_clean = split(some);
  some.scores = write(scores_, noisy);
  EXPECT_EQ(split(some).train_indices, by_clean.train_indices);
  some.label_noise = 0.2;
  EXPECT_THAT(refusal(some), HasSubstr("these scores are of"));
}

TEST_F(SplitSamples, HaveTheSameWrongLabelsInEverySubset) {
  DataConfig noisy = config();
  noisy.label_noise = 0.4;
  const Splits whole = split(noisy);
  const Splits clean = split(config());
  EXPECT_EQ(whole.train_indices, clean.train_indices);
  const double share =
      whole.train.labels().ne(clean.train.labels()).to(torch::kFloat64).mean().item<double>();
  EXPECT_NEAR(share, 0.4, 5 * std::sqrt(0.24 / 400));
  noisy.per_class = 30;
  const Splits some = split(noisy);
  std::vector<std::int64_t> rows;
  for (const std::int64_t place : some.train_indices) {
    rows.push_back(std::find(whole.train_indices.begin(), whole.train_indices.end(), place) -
                   whole.train_indices.begin());
  }
  EXPECT_TRUE(torch::equal(some.train.labels(), select(whole.train, rows).labels()));
  // The classes that were balanced are the true ones.
  noisy.label_noise = 0;
  EXPECT_EQ(split(noisy).train_indices, some.train_indices);
}

TEST_F(SplitSamples, AreDegradedAlikeInEverySubset) {
  DataConfig worse = config();
  worse.degrade = "low-resolution:2,noise:10";
  const Splits whole = split(worse);
  const Splits clean = split(config());
  EXPECT_TRUE(torch::equal(
      whole.train.images(),
      Degradation::parse(worse.degrade).apply(clean.train.images(), clean.train_indices, 5)));
  worse.train = 44;
  const Splits some = split(worse);
  for (std::size_t k = 0; k < some.train_indices.size(); ++k) {
    const auto row =
        std::find(whole.train_indices.begin(), whole.train_indices.end(), some.train_indices[k]) -
        whole.train_indices.begin();
    EXPECT_TRUE(
        torch::equal(some.train.images()[static_cast<std::int64_t>(k)], whole.train.images()[row]));
  }
}

TEST_F(SplitSamples, LeaveTheValidationSplitAlone) {
  const Fingerprint validation = split(config()).validation.fingerprint();
  const fs::path file = folder_.path() / "samples.safetensors";
  write_safetensors(file, {.tensors = {{"images", all_.images().narrow(0, 0, 8).clone()},
                                       {"labels", all_.labels().narrow(0, 0, 8).clone()}}});
  std::vector<DataConfig> changed(6, config());
  changed[0].fraction = 0.1;
  changed[1].per_class = 3;
  changed[2].label_noise = 0.5;
  changed[3].degrade = "blur:1,jpeg:20";
  changed[4].samples = file.string();
  changed[5].scores = write(scores_, config());
  changed[5].train = 20;
  changed[5].choose = "typical";
  std::vector<Fingerprint> seen{split(config()).train.fingerprint()};
  for (const DataConfig& one : changed) {
    const Splits splits = split(one);
    EXPECT_EQ(splits.validation.fingerprint(), validation);
    // A store of one choice cannot be taken for that of another: it holds this fingerprint.
    EXPECT_THAT(seen, testing::Not(testing::Contains(splits.train.fingerprint())));
    seen.push_back(splits.train.fingerprint());
    EXPECT_EQ(split_text(one), split_text(config()));
  }
}

TEST_F(SplitSamples, AreReplacedByThoseOfAFile) {
  const fs::path file = folder_.path() / "distilled.safetensors";
  TensorFile content{.tensors = {{"images", all_.images().narrow(0, 0, 8).clone()},
                                 {"labels", all_.labels().narrow(0, 0, 8).clone()}}};
  write_safetensors(file, content);
  DataConfig brought = config();
  brought.samples = file.string();
  const Splits splits = split(brought);
  EXPECT_EQ(splits.train.size(), 8);
  EXPECT_EQ(splits.train_indices, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(splits.train.class_names(), all_.class_names());
  EXPECT_THAT(splits.train.name(), HasSubstr("samples of distilled.safetensors"));
  brought.per_class = 1;
  EXPECT_EQ(split(brought).train.size(), 4);
  brought.per_class = 3;
  EXPECT_THAT(refusal(brought), HasSubstr("expected 1..2 samples per class"));
  brought.per_class = 0;
  content.tensors["images"] = torch::zeros({8, 1, 11, 12}, torch::kUInt8);
  write_safetensors(file, content);
  EXPECT_THAT(refusal(brought), HasSubstr("[n, 1, 12, 12], is Byte [8, 1, 11, 12]"));
}

TEST(LoadSplits, KnowsADataSetThatWasRegistered) {
  register_dataset({.name = "bars"}, [](std::string name, Split, const LoadOptions&) {
    const Dataset toy = toy_dataset();
    return Dataset(std::move(name), toy.images(), toy.labels(), toy.class_names());
  });
  const DataConfig config{.name = "bars", .validation = 20};
  const Splits splits = load_splits(config);
  EXPECT_EQ(splits.train.name(), "bars/train");
  EXPECT_EQ(splits.train.size(), 140);
  EXPECT_EQ(load_test_split(config).size(), 160);
}

TEST(SplitText, NamesTheFolderOfADataSetThatIsKnownByIt) {
  register_dataset({.name = "own-bars", .known_by_folder = true},
                   [](std::string, Split, const LoadOptions&) { return toy_dataset(); });
  const auto text = [](const std::string& name, const std::string& folder) {
    return split_text({.name = name, .folder = folder, .validation = 20, .seed = 3});
  };
  EXPECT_EQ(text("own-bars", "/data/mine"), "own-bars mine, 20 held out by seed 3");
  EXPECT_EQ(text("own-bars", "../mine/"), "own-bars mine, 20 held out by seed 3");
  EXPECT_EQ(text("image-folder", "pets"), "image-folder pets, 20 held out by seed 3");
  EXPECT_EQ(text("cifar10", "/data/mine"), "cifar10, 20 held out by seed 3");
  EXPECT_EQ(text("nobody-knows", "/data/mine"), "nobody-knows, 20 held out by seed 3");
}

TEST_F(SplitSamples, OfImpossibleConfigsAreRefusedInWords) {
  const auto with = [&](const std::function<void(DataConfig&)>& change) {
    DataConfig changed = config();
    change(changed);
    return refusal(changed);
  };
  EXPECT_THAT(with([](auto& c) { c.train = 401; }), HasSubstr("1..400, got 401"));
  EXPECT_THAT(with([](auto& c) { c.train = -1; }), HasSubstr("data.train"));
  EXPECT_THAT(with([](auto& c) { c.fraction = 1.5; }), HasSubstr("data.fraction"));
  EXPECT_THAT(with([](auto& c) { c.fraction = 0.001; }), HasSubstr("of 400 samples is none"));
  EXPECT_THAT(with([](auto& c) { c.per_class = 101; }), HasSubstr("class 'bar 0' has, found 101"));
  EXPECT_THAT(with([](auto& c) { c.train = 5, c.per_class = 1; }), HasSubstr("give one of them"));
  EXPECT_THAT(with([](auto& c) { c.choose = "hard"; }), HasSubstr("got 'hard'"));
  EXPECT_THAT(with([](auto& c) { c.choose = "hardest"; }), HasSubstr("how many"));
  EXPECT_THAT(with([](auto& c) { c.choose = "hardest", c.train = 9; }), HasSubstr("data.scores"));
  EXPECT_THAT(with([](auto& c) { c.label_noise = 1.1; }), HasSubstr("data.label_noise"));
  EXPECT_THAT(with([](auto& c) { c.noise = "some"; }), HasSubstr("symmetric"));
  EXPECT_THAT(with([](auto& c) { c.degrade = "fog:1"; }), HasSubstr("'fog:1'"));
}

}  // namespace
}  // namespace tandem
