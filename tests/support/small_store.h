#pragma once

#include <torch/types.h>

#include <filesystem>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "tandem/core/checksum.h"
#include "tandem/core/key.h"
#include "tandem/core/safetensors.h"
#include "tandem/core/tensor_bytes.h"
#include "tandem/target/store_writer.h"
#include "tandem/target/target_store.h"
#include "tandem/view/view_policy.h"

namespace tandem {

/// What a store of made-up targets of `dataset` says of itself; per view it holds two epochs.
inline StoreDescription small_description(const Dataset& dataset, const std::string& granularity,
                                          Content content, const std::string& encoding) {
  StoreDescription description;
  description.describe(dataset);
  description.granularity = Granularity::parse(granularity);
  const bool per_view = description.granularity.per_view();
  description.epochs = per_view ? 2 : 1;
  description.fusion = per_view ? std::nullopt : std::optional(Fusion{});
  description.content = content;
  description.width = content == Content::kFeatures ? 6 : dataset.class_count();
  description.encoding = Encoding::parse(encoding);
  description.teacher = "made up";
  description.teacher_fingerprint = {.high = 1, .low = 2};
  const ViewPolicy policy = ViewPolicy::parse(per_view ? "pad-crop:2,flip" : "none");
  description.views = policy.text();
  description.views_fingerprint = policy.fingerprint();
  description.view_seed = 7;
  return description;
}

/// Random targets, fp32 [keys, width]; equal seeds give equal targets.
inline torch::Tensor made_up_targets(const StoreDescription& description, std::uint64_t seed = 7) {
  RandomStream random({seed, Stream::kInit});
  torch::Tensor targets = torch::empty({description.keys(), description.width});
  float* target = targets.data_ptr<float>();
  for (std::int64_t k = 0; k < targets.numel(); ++k) {
    target[k] = static_cast<float>(3 * random.normal());
  }
  return description.content == Content::kProbs ? torch::softmax(targets, 1) : targets;
}

/// Writes `targets`; samples stand at 0, 3, 6, ... of the training split, each of the first
/// cluster of its class.
inline void write_small_store(const std::filesystem::path& path, const Dataset& dataset,
                              const StoreDescription& description, const torch::Tensor& targets) {
  std::map<std::string, torch::Tensor> tables{
      {"samples", torch::arange(dataset.size(), torch::kInt64) * 3}};
  if (description.granularity.kind == Granularity::Kind::kCluster) {
    tables["clusters"] = dataset.labels() * description.granularity.count;
  }
  write_store(path, description, tables,
              {encode(description.encoding, description.content, targets)});
}

/// All decoded rows.
inline torch::Tensor read_all(const TargetStore& store) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(store.count()));
  std::iota(rows.begin(), rows.end(), 0);
  return store.read(rows);
}

/// Makes every checksum of a store's content right again, block by block of its row tensors.
inline void seal(TensorFile& store) {
  std::vector<torch::Tensor> rows;
  for (const char* name : {"classes", "log_probs", "ranges", "values"}) {  // in their order
    if (const auto found = store.tensors.find(name); found != store.tensors.end()) {
      rows.push_back(found->second.contiguous());
    }
  }
  const auto add = [](Crc32& checksum, const torch::Tensor& tensor) {
    checksum.bytes(bytes_of(tensor));
  };
  std::vector<std::int64_t> checksums;
  for (std::int64_t first = 0; !rows.empty() && first < rows[0].size(0); first += kBlockRows) {
    Crc32 checksum;
    for (const torch::Tensor& tensor : rows) {
      add(checksum, tensor.slice(0, first, first + kBlockRows));
    }
    checksums.push_back(checksum.digest());
  }
  store.tensors["checksums"] = torch::tensor(checksums, torch::kInt64);
  Crc32 tables, header;
  for (const auto& [name, tensor] : store.tensors) {
    if (name != "classes" && name != "log_probs" && name != "ranges" && name != "values") {
      add(tables, tensor.contiguous());
    }
  }
  store.metadata[kTablesChecksum] = tables.hex();
  store.metadata.erase("tandem.header_crc32");
  for (const auto& [key, value] : store.metadata) {
    header.text(key).text("=").text(value).text("\n");
  }
  store.metadata["tandem.header_crc32"] = header.hex();
}

/// Edits the store at `path` and makes its checksums right again.
inline void forge(const std::filesystem::path& path,
                  const std::function<void(TensorFile&)>& change) {
  TensorFile store = read_safetensors(path);
  change(store);
  seal(store);
  write_safetensors(path, store);
}

}  // namespace tandem
