// Soft labels that came with distilled samples, as a store that students train from.

#include "tandem/label/import_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "tandem/core/safetensors.h"
#include "tandem/label/student_store.h"
#include "temporary_folder.h"
#include "toy_trial.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// An idx file, MNIST's format: the magic number, the extents, the bytes.
void write_idx_file(const fs::path& path, const torch::Tensor& tensor) {
  std::string content{'\0', '\0', '\x08', static_cast<char>(tensor.dim())};
  for (const std::int64_t extent : tensor.sizes()) {
    for (const int shift : {24, 16, 8, 0}) {
      content += static_cast<char>(extent >> shift & 255);
    }
  }
  const torch::Tensor bytes = tensor.to(torch::kUInt8).contiguous();
  content.append(static_cast<const char*>(bytes.data_ptr()), bytes.nbytes());
  write_file_atomically(path, content);
}

/// The toy data set under the names of MNIST's files, and ten distilled samples of it.
class ImportStore : public testing::Test {
 protected:
  ImportStore() {
    const Dataset toy = toy_dataset(20, 10);
    write_idx_file(folder_.path() / "train-images-idx3-ubyte", toy.images().squeeze(1));
    write_idx_file(folder_.path() / "train-labels-idx1-ubyte", toy.labels());
    config_.data = {.name = "mnist",
                    .folder = folder_.path().string(),
                    .validation = 50,
                    .samples = (folder_.path() / "distilled.safetensors").string()};
    const torch::Tensor rows = torch::arange(10);
    file_.tensors["images"] = toy.images().narrow(0, 0, 10).to(torch::kFloat32) / 255;
    file_.tensors["labels"] = rows.clone();
    file_.tensors["soft_labels"] = torch::softmax(
        torch::outer(rows.to(torch::kFloat32), torch::arange(10, torch::kFloat32)) / 30, 1);
    write();
  }

  void write() { write_safetensors(config_.data.samples, file_); }

  TemporaryFolder folder_;
  ImportConfig config_;
  TensorFile file_;
  fs::path store_ = folder_.path() / "store.safetensors";
};

TEST_F(ImportStore, MakesAStoreThatStudentsOfTheSamplesReadAndNoOthers) {
  config_.temperature = 2;
  EXPECT_THAT(import_store(config_, store_), HasSubstr("became 8 bits"));
  TrialConfig trial;
  trial.data = config_.data;
  trial.target.store = store_.string();
  trial.target = take_from_store(trial.target);
  trial.train.batch = 5;
  trial.train.steps = 20;
  trial = resolve(trial);
  EXPECT_EQ(trial.target.granularity, "sample");
  EXPECT_EQ(trial.target.temperature, 2);
  const Splits splits = load_splits(trial.data);
  const auto store = open_student_store(store_, resolve_mapping(trial.target), trial, splits, {});
  store->verify();
  const std::vector<std::int64_t> rows = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_TRUE(torch::equal(store->read(rows), file_.tensors["soft_labels"]));
  DataConfig other = trial.data;
  other.samples.clear();
  EXPECT_THAT(
      [&] {
        open_student_store(store_, resolve_mapping(trial.target), trial, load_splits(other), {});
      },
      ThrowsMessage<std::runtime_error>(HasSubstr("samples of distilled.safetensors")));
}

TEST_F(ImportStore, KeepsTheRowsOfASubsetWithItsSamples) {
  config_.data.train = 4;
  import_store(config_, store_);
  const Splits splits = load_splits(config_.data);
  const TargetStore store(store_);
  EXPECT_EQ(store.samples(), splits.train_indices);
  const std::vector<std::int64_t> rows = {0, 1, 2, 3};
  const torch::Tensor expected = file_.tensors["soft_labels"].index_select(
      0, torch::tensor(splits.train_indices, torch::kInt64));
  EXPECT_TRUE(torch::equal(store.read(rows), expected));
}

TEST_F(ImportStore, RefusesWhatHoldsNoSoftLabels) {
  file_.tensors.erase("soft_labels");
  write();
  EXPECT_THAT([&] { import_store(config_, store_); },
              ThrowsMessage<std::runtime_error>(HasSubstr("no 'soft_labels' [10, 10]")));
  config_.temperature = 0;
  EXPECT_THROW(import_store(config_, store_), std::invalid_argument);
  config_.temperature = 1;
  config_.data.samples = folder_.path().string();
  EXPECT_THROW(import_store(config_, store_), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
