// Stores as students meet them: rows at random, damage noticed, wrong uses refused in words.

#include "tandem/target/target_store.h"
#include "tandem/target/store_use.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <fstream>
#include <stdexcept>

#include "small_store.h"
#include "tandem/core/atomic_file.h"
#include "tandem/target/reencode.h"
#include "temporary_folder.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

class Store : public testing::Test {
 protected:
  /// Writes a store of made-up targets and returns them.
  torch::Tensor write(const std::string& granularity, Content content = Content::kProbs,
                      const std::string& encoding = "fp32") {
    const StoreDescription description =
        small_description(dataset_, granularity, content, encoding);
    const torch::Tensor targets = made_up_targets(description);
    write_small_store(path_, dataset_, description, targets);
    return targets;
  }

  /// What opening and reading everything throws.
  std::string refusal() const {
    try {
      read_all(TargetStore(path_));
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), StartsWith(path_.string()));
      return error.what();
    }
    return "nothing was refused";
  }

  std::string refusal_of_forged(const std::function<void(TensorFile&)>& change) {
    write("sample", Content::kFeatures);
    forge(path_, change);
    return refusal();
  }

  void flip_bit(std::uint64_t place, int bit) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(place));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(place)).put(static_cast<char>(byte ^ (1 << bit)));
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "store.safetensors";
  Dataset dataset_ = toy_dataset(2, 4, 1, 4);
};

TEST_F(Store, ReadsAnyRowsInAnyOrderAsTheyStandInTheTable) {
  dataset_ = toy_dataset(700, 4, 1, 2);
  for (const std::string granularity : {"class", "cluster:3", "sample", "pool:2", "view"}) {
    const torch::Tensor targets = write(granularity);
    const TargetStore store(path_);
    EXPECT_EQ(store.count(), targets.size(0));
    EXPECT_EQ(store.keys().count(), store.count());
    EXPECT_EQ(store.description().granularity.text(), granularity);
    RandomStream random({.seed = 3, .stream = Stream::kOrder});
    std::vector<std::int64_t> rows;
    for (int k = 0; k < 300; ++k) {
      rows.push_back(random.below(static_cast<std::uint32_t>(store.count())));
    }
    EXPECT_TRUE(torch::equal(store.read(rows),
                             targets.index_select(0, torch::tensor(rows, torch::kInt64))));
    EXPECT_TRUE(torch::equal(read_all(store), targets));
    store.verify();
  }
  const TargetStore store(path_);
  EXPECT_EQ(store.samples()[5], 15);
  EXPECT_EQ(store.read({}).size(0), 0);
  for (const std::int64_t row : {std::int64_t{-1}, store.count()}) {
    EXPECT_THAT([&] { store.read(std::vector{row}); },
                ThrowsMessage<std::invalid_argument>(HasSubstr("expected a row in 0..5599")));
  }
}

TEST_F(Store, OfTheSameContentIsTheSameFileHoweverItsRowsCameInParts) {
  const StoreDescription description =
      small_description(dataset_, "view", Content::kProbs, "top-k:2:fp16");
  const torch::Tensor targets = made_up_targets(description);
  write_small_store(path_, dataset_, description, targets);
  std::vector<EncodedRows> parts;
  for (const auto& [first, last] : {std::pair{0, 5}, {5, 5}, {5, 6}, {6, 16}}) {
    parts.push_back(
        encode(description.encoding, Content::kProbs, targets.slice(0, first, last).contiguous()));
  }
  const auto other = folder_.path() / "other.safetensors";
  const torch::Tensor samples = torch::arange(dataset_.size(), torch::kInt64) * 3;
  write_store(other, description, {{"samples", samples}}, parts);
  EXPECT_EQ(read_file(path_), read_file(other));

  parts.pop_back();
  EXPECT_THAT(
      [&] {
        write_store(other, description, {{"samples", samples}}, parts);
      },
      ThrowsMessage<std::runtime_error>(HasSubstr("hold 6 rows of 'classes', expected 16")));
}

TEST_F(Store, ReencodedIsTheStoreThatTheEncodingWouldHaveMade) {
  for (const std::string encoding : {"u8", "top-k:2:u8", "fp16"}) {
    write("view", Content::kProbs, encoding);
    const auto direct = folder_.path() / "direct.safetensors";
    std::filesystem::rename(path_, direct);
    write("view");
    const auto out = folder_.path() / "out.safetensors";
    write_file_atomically(out.string() + ".parts/waiting", "an interrupted labelling");
    reencode(TargetStore(path_), Encoding::parse(encoding), out);
    EXPECT_EQ(read_file(out), read_file(direct)) << encoding;
    EXPECT_TRUE(std::filesystem::exists(out.string() + ".parts/waiting"));
    const EncodingError error = encoding_error(TargetStore(path_), TargetStore(out));
    EXPECT_GE(error.highest_kl, error.mean_kl);
    EXPECT_LT(error.relative, encoding.starts_with("top") ? 0.5 : 0.02);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 4);
}

TEST_F(Store, NoticesEveryFlippedBitOfTheWholeFile) {
  for (const std::string encoding : {"top-k:2:u8", "fp16"}) {
    write("cluster:2", Content::kProbs, encoding);
    ASSERT_EQ(refusal(), "nothing was refused");
    const std::uint64_t size = std::filesystem::file_size(path_);
    // Every bit of the data, one bit in turn of each byte of the header.
    const std::string bytes = read_file(path_);
    const std::uint64_t data = parse_safetensors_header(bytes, size, "").data_offset;
    for (std::uint64_t place = 0; place < size; ++place) {
      for (int bit = place < data ? static_cast<int>(place % 8) : 0; bit < 8;
           bit += place < data ? 8 : 1) {
        flip_bit(place, bit);
        EXPECT_NE(refusal(), "nothing was refused") << "byte " << place << ", bit " << bit;
        flip_bit(place, bit);
      }
    }
    ASSERT_EQ(refusal(), "nothing was refused");
  }
}

TEST_F(Store, NoticesADamagedBlockWhenItIsFirstReadAndNotBefore) {
  dataset_ = toy_dataset(650, 4, 1, 2);  // 2600 rows: three blocks
  const torch::Tensor targets = write("sample");
  const std::string bytes = read_file(path_);
  const SafetensorsHeader header = parse_safetensors_header(bytes, bytes.size(), "");
  for (const TensorEntry& entry : header.entries) {
    if (entry.name == "values") {
      flip_bit(header.data_offset + entry.begin + 16 * 1500, 3);  // of row 1500
    }
  }
  const TargetStore store(path_);
  for (const std::int64_t row : {0, 1023, 2048, 2599}) {
    EXPECT_TRUE(torch::equal(store.read(std::vector{row})[0], targets[row]));
  }
  const auto damaged =
      ThrowsMessage<std::runtime_error>(AllOf(StartsWith(path_.string()), HasSubstr("damaged"),
                                              HasSubstr("rows 1024..2047"), HasSubstr("checksum")));
  for (const std::int64_t row : {1024, 2047}) {
    EXPECT_THAT([&] { store.read(std::vector{row}); }, damaged);
  }
  EXPECT_THAT([&] { store.verify(); }, damaged);
}

TEST_F(Store, RefusesTensorsThatAreMissingForeignOrOfAnotherForm) {
  const auto without = [](const std::string& name) {
    return [=](TensorFile& file) { file.tensors.erase(name); };
  };
  const auto with = [](const std::string& name, const torch::Tensor& tensor) {
    return [=](TensorFile& file) { file.tensors[name] = tensor; };
  };
  const torch::Tensor ones = torch::ones({8}, torch::kInt64);
  EXPECT_EQ(refusal_of_forged([](TensorFile&) {}), "nothing was refused");
  EXPECT_THAT(refusal_of_forged(without("values")), HasSubstr("'values' is missing"));
  EXPECT_THAT(refusal_of_forged(without("samples")), HasSubstr("'samples' is missing"));
  EXPECT_THAT(refusal_of_forged(with("extra", ones)), HasSubstr("'extra' does not belong"));
  EXPECT_THAT(refusal_of_forged(with("clusters", ones)), HasSubstr("'clusters' does not belong"));
  EXPECT_THAT(refusal_of_forged(with("samples", ones.to(torch::kInt32))),
              HasSubstr("should be Long [8], is Int [8]"));
  EXPECT_THAT(refusal_of_forged(with("samples", -ones)), HasSubstr("negative"));
  EXPECT_THAT(refusal_of_forged(with("values", torch::zeros({8, 5}))),
              HasSubstr("should be Float [8, 6], is Float [8, 5]"));
  EXPECT_THAT(refusal_of_forged(with("pca_mean", torch::zeros({9}))),
              HasSubstr("'pca_basis' is missing"));
  EXPECT_THAT(refusal_of_forged([](TensorFile& file) {
                file.tensors["pca_mean"] = torch::zeros({9});
                file.tensors["pca_basis"] = torch::zeros({6, 8});
              }),
              HasSubstr("'pca_mean' should be Float [8]"));
}

TEST_F(Store, RefusesMetadataThatMakeNoSense) {
  for (const auto& [key, value, why] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"format", "target-store-2", "'target-store-2' is unknown"},
           {"granularity", "batch", "should be class, cluster or sample"},
           {"granularity", "cluster:2", "should be class, cluster or sample"},
           {"epochs", "2", "of 1 epoch"},
           {"epochs", "0", "should be a number in 1.."},
           {"content", "one-hot", "should be probs, logits or features"},
           {"content", "logits", "logits of 4 classes are 6 wide"},
           {"encoding", "fp8", "expected fp32"},
           {"encoding", "top-k:2:u8", "features need a dense one"},
           {"encoding", "fp16", "tensor 'values' should be Half"},
           {"keys", "08", "'tandem.keys' should be a number in 1.."},
           {"keys", "9", "'tandem.keys' should be 8, is 9"},
           {"samples", "9", "'tandem.keys' should be 9, is 8"},
           {"samples", "1099511627777", "should be a number in 1..1099511627776"},
           {"samples", "18446744073709551617", "should be a number"},
           {"width", "-6", "should be a number in 1..16777216"},
           {"classes", "1e1", "should be a number"},
           {"block_rows", "512", "1024..1024, is '512'"},
           {"temperature", "nan", "should be a number"},
           {"temperature", "0", "should be a number"},
           {"image_shape", "1 4", "channels, height and width"},
           {"image_shape", "1 4 4 4", "channels, height and width"},
           {"image_shape", "1x4x4", "channels, height and width"},
           {"image_shape", "1 0 4", "channels, height and width"},
           {"teacher_fingerprint", "12", "32 hexadecimal digits"},
           {"view_seed", "-1", "should be a number in 0..18446744073709551615"}}) {
    EXPECT_THAT(
        refusal_of_forged([&](TensorFile& file) { file.metadata.at("tandem." + key) = value; }),
        HasSubstr(why))
        << key;
  }
  EXPECT_THAT(refusal_of_forged([](TensorFile& file) { file.metadata.erase("tandem.fusion"); }),
              HasSubstr("lacks 'tandem.fusion'"));
  EXPECT_EQ(refusal_of_forged([](TensorFile& file) { file.metadata["note"] = "more is allowed"; }),
            "nothing was refused");
}

TEST_F(Store, RefusesClassesAndClustersThatNoChecksumVouchesFor) {
  dataset_ = toy_dataset(1, 300, 1, 4);  // classes in two bytes
  for (const auto& [place, value] : {std::pair{0, 300}, {0, -1}, {1, 32767}, {0, 7}, {1, -32768}}) {
    write("sample", Content::kProbs, "top-k:2:u8");
    forge(path_, [&](TensorFile& file) {
      file.tensors.at("classes")[5] = torch::tensor({7, 7}, torch::kInt16);
      file.tensors.at("classes")[5][place] = value;
    });
    EXPECT_THAT(refusal(), HasSubstr("name a class twice, or one that does not exist"));
  }
  dataset_ = toy_dataset(2, 4, 1, 4);
  for (const std::int64_t row : {-1, 8}) {
    write("cluster:2");
    forge(path_, [&](TensorFile& file) { file.tensors.at("clusters")[3] = row; });
    EXPECT_THAT(refusal(), HasSubstr("'clusters' should name rows 0..7"));
  }
}

TEST_F(Store, FitsTheSamplesTeacherAndViewsItWasMadeOfAndSaysWhatOthersAre) {
  write("view");
  const TargetStore store(path_);
  const ViewPolicy views = ViewPolicy::parse("pad-crop:2,flip");
  const StoreUse right{.dataset = &dataset_,
                       .views = views.text(),
                       .views_fingerprint = views.fingerprint(),
                       .view_seed = 7,
                       .teacher_fingerprint = Fingerprint{.high = 1, .low = 2}};
  EXPECT_NO_THROW(check_use(store, "a.safetensors", right));
  EXPECT_NO_THROW(check_use(store, "a.safetensors", {.dataset = &dataset_}));

  const auto refused = [&](const auto& change, const auto& words) {
    StoreUse wrong = right;
    change(wrong);
    EXPECT_THAT([&] { check_use(store, "a.safetensors", wrong); },
                ThrowsMessage<std::runtime_error>(
                    AllOf(HasSubstr("a.safetensors: this store does not fit"), words)));
  };
  const Dataset other = toy_dataset(3, 4, 1, 4);
  refused([&](StoreUse& use) { use.dataset = &other; },
          AllOf(HasSubstr("8 samples of toy"), HasSubstr(dataset_.fingerprint().hex()),
                HasSubstr("12 samples of toy"), HasSubstr(other.fingerprint().hex())));
  refused([](StoreUse& use) { use.teacher_fingerprint = Fingerprint{.high = 15, .low = 0}; },
          AllOf(HasSubstr("00000000000000010000000000000002"), HasSubstr("made up"),
                HasSubstr("000000000000000f0000000000000000")));
  const ViewPolicy weaker = ViewPolicy::parse("flip");
  refused(
      [&](StoreUse& use) {
        use.views = weaker.text();
        use.views_fingerprint = weaker.fingerprint();
      },
      AllOf(HasSubstr("'pad-crop:2,flip'"), HasSubstr("the student's are 'flip'"),
            HasSubstr(views.fingerprint().hex()), HasSubstr(weaker.fingerprint().hex())));
  refused([](StoreUse& use) { use.view_seed = 8; },
          AllOf(HasSubstr("seed 7"), HasSubstr("seed 8"), HasSubstr("views.seed = 7")));
}

}  // namespace
}  // namespace tandem
