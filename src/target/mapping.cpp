#include "tandem/target/mapping.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

TableMapping::TableMapping(Granularity granularity, Content content, torch::Tensor table,
                           double temperature)
    : granularity_(granularity),
      content_(content),
      table_(std::move(table)),
      temperature_(temperature) {
  if (granularity_ == Granularity::kView) {
    throw std::invalid_argument("TableMapping: targets per view do not stand in a table");
  }
  if (table_.scalar_type() != torch::kFloat32 || table_.dim() != 2) {
    throw std::invalid_argument(fmt::format("TableMapping: expected fp32 [keys, width], got {} {}D",
                                            torch::toString(table_.scalar_type()), table_.dim()));
  }
}

Target TableMapping::targets(const Batch& batch) {
  const torch::Tensor keys =
      granularity_ == Granularity::kClass
          ? batch.labels
          : torch::tensor(batch.indices, torch::TensorOptions().dtype(torch::kInt64));
  return {content_, table_.index_select(0, keys), temperature_};
}

OnlineMapping::OnlineMapping(Content content, std::shared_ptr<Teacher> teacher, double temperature)
    : content_(content), teacher_(std::move(teacher)), temperature_(temperature) {}

Target OnlineMapping::targets(const Batch& batch) {
  return {content_, teacher_->answer(batch.pixels, content_, temperature_), temperature_};
}

std::int64_t OnlineMapping::width() const {
  return teacher_->width(content_);
}

torch::Tensor class_table(std::int64_t class_count, double smoothing) {
  return torch::eye(class_count) * (1 - smoothing) + smoothing / static_cast<double>(class_count);
}

torch::Tensor shuffle_rows(const torch::Tensor& table, std::uint64_t seed) {
  const std::vector<std::int64_t> order =
      permutation(table.size(0), {seed, Stream::kShuffleTargets});
  return table.index_select(0, torch::tensor(order, torch::TensorOptions().dtype(torch::kInt64)));
}

}  // namespace tandem
