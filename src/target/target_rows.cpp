#include "tandem/target/target_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace tandem {

TensorRows::TensorRows(torch::Tensor table) : table_(std::move(table)) {
  if (table_.scalar_type() != torch::kFloat32 || table_.dim() != 2) {
    throw std::invalid_argument(
        fmt::format("a table of targets: expected fp32 [rows, width], got {} {}D",
                    torch::toString(table_.scalar_type()), table_.dim()));
  }
}

torch::Tensor TensorRows::read(std::span<const std::int64_t> rows) const {
  torch::Tensor places = torch::empty({std::ssize(rows)}, torch::kInt64);
  std::copy(rows.begin(), rows.end(), places.data_ptr<std::int64_t>());
  try {
    return table_.index_select(0, places);
  } catch (const c10::Error& error) {
    throw std::invalid_argument(error.what_without_backtrace());
  }
}

torch::Tensor class_targets(std::int64_t class_count, double smoothing) {
  return torch::eye(class_count) * (1 - smoothing) + smoothing / static_cast<double>(class_count);
}

}  // namespace tandem
