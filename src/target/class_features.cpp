#include "class_features.h"

#include <algorithm>
#include <span>
#include <vector>

#include "tandem/core/interrupted.h"
#include "tandem/view/apply.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

constexpr std::size_t kSamplesAtOnce = 256;

}  // namespace

void visit_class_features(Teacher& teacher, const Dataset& dataset,
                          const ClassFeaturesVisitor& visitor, const OnProgress& progress,
                          std::stop_token stop) {
  std::int64_t done = 0;
  for (std::int64_t label = 0; label < dataset.class_count(); ++label) {
    const torch::Tensor members = (dataset.labels() == label).nonzero().squeeze(1).contiguous();
    const std::span<const std::int64_t> indices(members.data_ptr<std::int64_t>(),
                                                static_cast<std::size_t>(members.numel()));
    for (std::size_t first = 0; first < indices.size(); first += kSamplesAtOnce) {
      if (stop.stop_requested()) {
        throw Interrupted();
      }
      const std::size_t count = std::min(kSamplesAtOnce, indices.size() - first);
      const std::vector<View> views(count, canonical_view(dataset.image_shape()));
      visitor.on_features(teacher.answer(apply_views(dataset, indices.subspan(first, count), views),
                                         Content::kFeatures, 1));
      done += static_cast<std::int64_t>(count);
      if (progress) {
        progress({done, dataset.size(), ""});
      }
    }
    if (visitor.on_class) {
      visitor.on_class(label, members);
    }
  }
}

}  // namespace tandem
