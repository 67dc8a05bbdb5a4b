#include "class_ids.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <stdexcept>

namespace tandem {

torch::Tensor class_ids(const torch::Tensor& bytes, std::int64_t classes,
                        const std::filesystem::path& path) {
  const torch::Tensor ids = bytes.to(torch::kInt64).contiguous();
  const std::int64_t* id = ids.data_ptr<std::int64_t>();
  for (std::int64_t record = 0; record < ids.numel(); ++record) {
    if (id[record] >= classes) {
      throw std::runtime_error(fmt::format("{}: expected labels in 0..{}, found {} in record {}",
                                           path.string(), classes - 1, id[record], record));
    }
  }
  return ids;
}

}  // namespace tandem
