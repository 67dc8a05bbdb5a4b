#include "tandem/label/student_store.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

/// Takes what the store says for a key that the config leaves blank.
template <typename Value>
void take(Value& key, const Value& blank, const Value& stored, std::string_view name,
          const std::string& store) {
  if (key != blank && key != stored) {
    throw std::invalid_argument(
        fmt::format("target.{} = '{}', but {} holds '{}'; leave the key out, set target.store = '' "
                    "to do without the store, or label anew",
                    name, key, store, stored));
  }
  key = stored;
}

/// Throws where the mapping in force was not made for what the store holds.
void check_says(const TargetStore& store, const TargetConfig& target, const std::string& path) {
  const StoreDescription& stored = store.description();
  if (target.pca != 0 && (target.pca != stored.width || !store.tables().contains("pca_basis"))) {
    throw std::runtime_error(fmt::format(
        "{}: target.pca = {}, but this store holds {} numbers{}; a store is reduced when it is "
        "labelled, so leave the key out or label anew",
        path, target.pca, stored.width,
        store.tables().contains("pca_basis") ? " of a reduction" : " that were not reduced"));
  }
  if (target.granularity != stored.granularity || target.content != text_of(stored.content) ||
      target.temperature != stored.temperature || target.fusion != stored.fusion) {
    throw std::runtime_error(fmt::format(
        "{}: this store holds {} {}, temperature {}, fusion '{}'; the mapping says {} {}, "
        "temperature {}, fusion '{}'; a rule of target.switch that names a store names these keys "
        "too",
        path, stored.granularity, text_of(stored.content), stored.temperature, stored.fusion,
        target.granularity, target.content, target.temperature, target.fusion));
  }
}

/// Visits that the trial's steps make.
std::int64_t visits_of(const TrialConfig& trial, std::int64_t samples) {
  const std::int64_t views = total_steps(trial.train, samples) * trial.train.batch;
  return (views + samples - 1) / samples;
}

}  // namespace

TargetConfig take_from_store(TargetConfig config) {
  if (config.store.empty()) {
    return config;
  }
  const StoreDescription stored = TargetStore(config.store).description();
  const TargetConfig blank;
  take(config.granularity, blank.granularity, stored.granularity, "granularity", config.store);
  take(config.content, blank.content, std::string(text_of(stored.content)), "content",
       config.store);
  take(config.temperature, blank.temperature, stored.temperature, "temperature", config.store);
  take(config.fusion, blank.fusion, stored.fusion, "fusion", config.store);
  return config;
}

std::shared_ptr<const TargetStore> open_student_store(const std::filesystem::path& path,
                                                      const TrialConfig& trial,
                                                      const Splits& splits,
                                                      const std::optional<Fingerprint>& teacher) {
  auto store = std::make_shared<TargetStore>(path);
  const StoreDescription& description = store->description();
  const bool per_view = is_per_view(parse_granularity(description.granularity));
  StoreUse use{.dataset = &splits.train, .views = {}, .teacher_fingerprint = teacher};
  if (!trial.target.teacher_views.empty()) {
    const ViewPolicy policy = ViewPolicy::parse(teacher_policy(trial.target, trial.views.policy));
    use.views = policy.text();
    use.views_fingerprint = policy.fingerprint();
  }
  if (per_view) {
    use.view_seed = view_seed(trial);
  }
  check_use(*store, path.string(), use);
  check_says(*store, trial.target, path.string());
  if (per_view) {
    const std::int64_t pool = trial.views.pool;
    const std::int64_t visits = pool > 0 ? pool : visits_of(trial, description.samples);
    if (visits > description.epochs) {
      throw std::runtime_error(fmt::format(
          "{}: it holds targets for {} visits of each sample, the student makes {}; label "
          "store.epochs={}, train shorter, or set views.pool = {} to go round the stored views",
          path.string(), description.epochs, visits, visits, description.epochs));
    }
  }
  return store;
}

}  // namespace tandem
