#include "tandem/target/teacher_accuracy.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace tandem {
namespace {

constexpr std::int64_t kImagesAtOnce = 512;

}  // namespace

double top1_pct(Teacher& teacher, const Dataset& dataset) {
  if (teacher.class_count() != dataset.class_count()) {
    throw std::invalid_argument(fmt::format("top1_pct: the teacher knows {} classes, {} has {}",
                                            teacher.class_count(), dataset.name(),
                                            dataset.class_count()));
  }
  std::int64_t correct = 0;
  for (std::int64_t first = 0; first < dataset.size(); first += kImagesAtOnce) {
    const std::int64_t count = std::min(kImagesAtOnce, dataset.size() - first);
    const torch::Tensor logits = teacher.answer(dataset.images(first, count), Content::kLogits, 1);
    correct +=
        logits.argmax(1).eq(dataset.labels().narrow(0, first, count)).sum().item<std::int64_t>();
  }
  return 100.0 * static_cast<double>(correct) / static_cast<double>(dataset.size());
}

}  // namespace tandem
