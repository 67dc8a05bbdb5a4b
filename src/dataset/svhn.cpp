#include "svhn.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "mat5.h"

namespace tandem {
namespace {

constexpr std::int64_t kSvhnSide = 32;
constexpr std::int64_t kSvhnChannels = 3;
constexpr int kDigits = 10;

std::string shape_text(const char* name, const MatArray& array) {
  return fmt::format("{} of [{}]", name, fmt::join(array.shape, ", "));
}

torch::Tensor read_svhn_images(const MatFile& file) {
  const MatArray x = file.read("X");
  const bool fits = x.values.scalar_type() == torch::kUInt8 && x.shape.size() == 4 &&
                    x.shape[0] == kSvhnSide && x.shape[1] == kSvhnSide &&
                    x.shape[2] == kSvhnChannels;
  if (!fits) {
    file.fail("X of uint8 [32, 32, 3, n]", shape_text("X", x));
  }
  // MATLAB's first index runs fastest: in memory this is [n, channel, column, row].
  return x.values.view({x.shape[3], kSvhnChannels, kSvhnSide, kSvhnSide})
      .transpose(2, 3)
      .clone(torch::MemoryFormat::Contiguous);
}

torch::Tensor read_svhn_digits(const MatFile& file, std::int64_t count) {
  const MatArray y = file.read("y");
  if (y.shape != std::vector<std::int64_t>{count, 1}) {
    file.fail(fmt::format("y of [{}, 1], a label per image", count), shape_text("y", y));
  }
  const torch::Tensor found = y.values.to(torch::kFloat64);
  const torch::Tensor digits = torch::empty({count}, torch::kInt64);
  for (std::int64_t record = 0; record < count; ++record) {
    const double label = found.data_ptr<double>()[record];
    if (!(label >= 1 && label <= kDigits) || label != static_cast<int>(label)) {
      file.fail("labels in 1..10", fmt::format("{} in record {}", label, record));
    }
    digits.data_ptr<std::int64_t>()[record] = static_cast<int>(label) % kDigits;
  }
  return digits;
}

}  // namespace

Dataset read_svhn(std::string name, const std::filesystem::path& path,
                  std::vector<std::string> class_names) {
  const MatFile file(path);
  const torch::Tensor images = read_svhn_images(file);
  const torch::Tensor digits = read_svhn_digits(file, images.size(0));
  return Dataset(std::move(name), images, digits, std::move(class_names));
}

}  // namespace tandem
