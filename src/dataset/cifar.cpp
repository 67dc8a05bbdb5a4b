#include "cifar.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <numeric>
#include <stdexcept>
#include <utility>

#include "class_ids.h"
#include "size_of_file.h"
#include "tandem/core/atomic_file.h"

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

/// uint8 [count, record_size], in `content`
torch::Tensor records_of(std::string& content, const std::filesystem::path& path,
                         std::int64_t count, std::int64_t record_size) {
  if (std::ssize(content) != count * record_size) {
    throw std::runtime_error(fmt::format("{}: expected {} bytes, found {}; it is being written",
                                         path.string(), count * record_size, content.size()));
  }
  return torch::from_blob(content.data(), {count, record_size}, torch::kUInt8);
}

}  // namespace

Dataset read_cifar(std::string name, CifarKind kind,
                   const std::vector<std::filesystem::path>& batches,
                   std::vector<std::string> class_names) {
  const std::int64_t label_bytes = kind == CifarKind::kCifar10 ? 1 : 2;
  const std::int64_t record_size = label_bytes + kPixels;
  const auto classes = static_cast<std::int64_t>(class_names.size());
  std::vector<std::int64_t> counts;
  for (const auto& path : batches) {
    counts.push_back(count_records(path, record_size));
  }
  const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});

  const torch::Tensor images = torch::empty({total, kChannels, kSide, kSide}, torch::kUInt8);
  const torch::Tensor labels = torch::empty({total}, torch::kInt64);
  std::int64_t first = 0;
  for (std::size_t k = 0; k < batches.size(); ++k) {
    const std::filesystem::path& path = batches[k];
    const std::int64_t count = counts[k];
    std::string content = read_file(path);
    const torch::Tensor records = records_of(content, path, count, record_size);
    images.view({total, kPixels}).narrow(0, first, count).copy_(records.slice(1, label_bytes));
    labels.narrow(0, first, count)
        .copy_(class_ids(records.select(1, label_bytes - 1), classes, path));
    first += count;
  }
  return Dataset(std::move(name), images, labels, std::move(class_names));
}

}  // namespace tandem
