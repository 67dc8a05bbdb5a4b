#include "tandem/target/store_use.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

void check_use(const TargetStore& store, const std::string& path, const StoreUse& use) {
  const StoreDescription& d = store.description();
  const auto refuse = [&](const std::string& why) {
    throw std::runtime_error(fmt::format("{}: this store does not fit: {}", path, why));
  };
  if (d.dataset_fingerprint != use.dataset->fingerprint() || d.samples != use.dataset->size() ||
      d.classes != use.dataset->class_count()) {
    refuse(fmt::format(
        "it holds targets of {} samples of {} (fingerprint {}), the student learns from {} samples "
        "of {} (fingerprint {}); label these samples, or give both the same [data]",
        d.samples, d.dataset, d.dataset_fingerprint.hex(), use.dataset->size(), use.dataset->name(),
        use.dataset->fingerprint().hex()));
  }
  if (use.teacher_fingerprint && *use.teacher_fingerprint != d.teacher_fingerprint) {
    refuse(
        fmt::format("its targets are of teacher {} (fingerprint {}), the config names a teacher "
                    "with fingerprint {}; leave target.teacher out to take the store's",
                    d.teacher, d.teacher_fingerprint.hex(), use.teacher_fingerprint->hex()));
  }
  if (!use.views.empty() && use.views_fingerprint != d.views_fingerprint) {
    refuse(
        fmt::format("its teacher saw the views '{}' (fingerprint {}), the student's are '{}' "
                    "(fingerprint {}); set views.policy = '{}', or say that the difference is "
                    "meant with target.teacher_views = '{}'",
                    d.views, d.views_fingerprint.hex(), use.views, use.views_fingerprint.hex(),
                    d.views, d.views));
  }
  if (use.view_seed && *use.view_seed != d.view_seed) {
    refuse(
        fmt::format("its views are those of seed {}, the student's are of seed {}; set "
                    "views.seed = {}",
                    d.view_seed, *use.view_seed, d.view_seed));
  }
}

}  // namespace tandem
