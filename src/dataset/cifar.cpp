#include "cifar.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <fstream>
#include <stdexcept>
#include <utility>

#include "class_ids.h"
#include "size_of_file.h"

namespace tandem {
namespace {

constexpr std::int64_t kChannels = 3, kSide = 32;
constexpr std::int64_t kPixels = kChannels * kSide * kSide;

std::int64_t count_records(const std::filesystem::path& path, std::int64_t record_size) {
  const std::int64_t size = size_of_file(path);
  if (size == 0 || size % record_size != 0) {
    throw std::runtime_error(fmt::format("{}: expected a positive multiple of {} bytes, found {}",
                                         path.string(), record_size, size));
  }
  return size / record_size;
}

/// uint8 [records, record_size]
torch::Tensor read_records(const std::filesystem::path& path, std::int64_t record_size) {
  const torch::Tensor records =
      torch::empty({count_records(path, record_size), record_size}, torch::kUInt8);
  std::ifstream file(path, std::ios::binary);
  file.read(static_cast<char*>(records.data_ptr()), records.numel());
  if (!file) {
    throw std::runtime_error(fmt::format("{}: expected {} readable bytes, found {}", path.string(),
                                         records.numel(), file.gcount()));
  }
  return records;
}

}  // namespace

Dataset read_cifar(std::string name, CifarKind kind,
                   const std::vector<std::filesystem::path>& batches,
                   std::vector<std::string> class_names) {
  const std::int64_t label_bytes = kind == CifarKind::kCifar10 ? 1 : 2;
  const std::int64_t record_size = label_bytes + kPixels;
  const auto classes = static_cast<std::int64_t>(class_names.size());
  std::int64_t total = 0;
  for (const auto& path : batches) {
    total += count_records(path, record_size);
  }

  const torch::Tensor images = torch::empty({total, kChannels, kSide, kSide}, torch::kUInt8);
  const torch::Tensor labels = torch::empty({total}, torch::kInt64);
  std::int64_t first = 0;
  for (const auto& path : batches) {
    const torch::Tensor records = read_records(path, record_size);
    const std::int64_t count = records.size(0);
    images.view({total, kPixels}).narrow(0, first, count).copy_(records.slice(1, label_bytes));
    labels.narrow(0, first, count)
        .copy_(class_ids(records.select(1, label_bytes - 1), classes, path));
    first += count;
  }
  return Dataset(std::move(name), images, labels, std::move(class_names));
}

}  // namespace tandem
