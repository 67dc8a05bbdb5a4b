#include "tandem/target/reencode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <stdexcept>

#include "tandem/core/safetensors.h"
#include "tandem/target/store_writer.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kRowsAtOnce = 64 * kBlockRows;

/// Rows first..first+kRowsAtOnce-1 of a store, as far as there are.
torch::Tensor read_from(const TargetStore& store, std::int64_t first) {
  std::vector<std::int64_t> rows(
      static_cast<std::size_t>(std::min(kRowsAtOnce, store.count() - first)));
  std::iota(rows.begin(), rows.end(), first);
  return store.read(rows);
}

EncodedRows mapped_rows(const fs::path& part, const std::vector<RowTensor>& tensors) {
  const TensorFile file = map_safetensors(part);
  EncodedRows rows;
  for (const RowTensor& tensor : tensors) {
    rows.push_back(file.tensors.at(tensor.name));
  }
  return rows;
}

/// sum_c p_c log(p_c / q_c) of each row. A q that an encoding rounded to 0 counts as 1e-12: the
/// divergence would be infinite for the sake of a class that no one can tell from 0.
torch::Tensor divergence(const torch::Tensor& p, const torch::Tensor& q) {
  return (torch::xlogy(p, p) - torch::xlogy(p, q.clamp_min(1e-12))).sum(1);
}

/// Where rows stand until they are a store; gone when it is, or when that has failed.
struct WorkFolder {
  explicit WorkFolder(const fs::path& store)
      : path(store.string() + ".encoding") {}  // not .parts, where a labelling may wait to go on
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const fs::path path;
};

}  // namespace

void reencode(const TargetStore& store, const Encoding& encoding, const fs::path& path) {
  StoreDescription description = store.description();
  if (description.encoding != Encoding{}) {
    throw std::invalid_argument(fmt::format(
        "a store of encoding '{}' has lost something already and would pass for one that has not; "
        "encode from the fp32 store",
        description.encoding.text()));
  }
  description.encoding = encoding;
  const std::vector<RowTensor> tensors =
      row_tensors(encoding, description.content, description.width);
  const WorkFolder work(path);
  std::vector<EncodedRows> parts;
  for (std::int64_t first = 0; first < store.count(); first += kRowsAtOnce) {
    const auto encoded = encode(encoding, description.content, read_from(store, first));
    TensorFile file;
    for (std::size_t t = 0; t < tensors.size(); ++t) {
      file.tensors[tensors[t].name] = encoded[t];
    }
    const fs::path part = work.path / fmt::format("rows-{}.safetensors", first);
    write_safetensors(part, file);
    parts.push_back(mapped_rows(part, tensors));
  }
  write_store(path, description, store.tables(), parts);
}

EncodingError encoding_error(const TargetStore& dense, const TargetStore& encoded) {
  if (dense.count() != encoded.count() || dense.width() != encoded.width()) {
    throw std::invalid_argument(fmt::format(
        "encodings to compare hold {} targets of {} and {} of {}: they are not of one labelling",
        dense.count(), dense.width(), encoded.count(), encoded.width()));
  }
  EncodingError error;
  double moved = 0, size = 0;
  for (std::int64_t first = 0; first < dense.count(); first += kRowsAtOnce) {
    const torch::Tensor truth = read_from(dense, first).to(torch::kFloat64);
    const torch::Tensor found = read_from(encoded, first).to(torch::kFloat64);
    moved += (found - truth).square().sum().item<double>();
    size += truth.square().sum().item<double>();
    if (dense.description().content == Content::kProbs) {
      const torch::Tensor kl = divergence(truth, found);
      error.mean_kl += kl.sum().item<double>();
      error.highest_kl = std::max(error.highest_kl, kl.max().item<double>());
    }
  }
  error.mean_kl = std::max(error.mean_kl / static_cast<double>(dense.count()), 0.0);
  error.relative = size > 0 ? std::sqrt(moved / size) : 0;
  return error;
}

}  // namespace tandem
