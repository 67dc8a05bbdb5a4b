#include "tandem/target/mapping.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/view/apply.h"

namespace tandem {

StoredMapping::StoredMapping(TargetKeys keys, std::shared_ptr<const TargetRows> rows,
                             Content content, double temperature)
    : keys_(std::move(keys)), rows_(std::move(rows)), content_(content), temperature_(temperature) {
  if (keys_.count() != rows_->count()) {
    throw std::invalid_argument(fmt::format("a mapping of {} keys needs as many targets, got {}",
                                            keys_.count(), rows_->count()));
  }
}

Target StoredMapping::targets(const Batch& batch) {
  return {content_, rows_->read(keys_.rows(batch)), temperature_};
}

std::unique_ptr<Mapping> class_mapping(std::int64_t class_count, double smoothing) {
  return std::make_unique<StoredMapping>(
      TargetKeys::per_class(class_count),
      std::make_shared<TensorRows>(class_targets(class_count, smoothing)),
      smoothing > 0 ? Content::kSmoothed : Content::kOneHot);
}

Target MixedMapping::targets(const Batch& batch) {
  Target own = inner_->targets(batch);
  if (!batch.mixed()) {
    return own;
  }
  const Target partners = inner_->targets(batch.partners());
  // Mixed with itself, a target stays what it is, to the last bit.
  own.values = torch::lerp(partners.values, own.values, batch.shares.unsqueeze(1));
  return own;
}

OnlineMapping::OnlineMapping(Content content, std::shared_ptr<Teacher> teacher, double temperature)
    : content_(content), teacher_(std::move(teacher)), temperature_(temperature) {}

OnlineMapping::OnlineMapping(Content content, std::shared_ptr<Teacher> teacher, double temperature,
                             Dataset dataset, ViewPolicy policy)
    : content_(content),
      teacher_(std::move(teacher)),
      temperature_(temperature),
      own_views_(OwnViews{std::move(dataset), std::move(policy)}) {}

Target OnlineMapping::targets(const Batch& batch) {
  torch::Tensor pixels = batch.pixels;
  if (own_views_) {
    const auto& [dataset, policy] = *own_views_;
    std::vector<View> views;
    for (const ViewKey& key : batch.view_keys) {
      views.push_back(policy.draw(key, dataset));
    }
    pixels = apply_views(dataset, batch.indices, views);
  }
  return {content_, teacher_->answer(pixels, content_, temperature_), temperature_};
}

std::int64_t OnlineMapping::width() const {
  return teacher_->width(content_);
}

}  // namespace tandem
