#include "tandem/label/student_store.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "tandem/target/store_use.h"
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

std::string fusion_text(const std::optional<Fusion>& fusion) {
  return fusion ? fusion->text() : "";
}

/// Throws where the mapping in force was not made for what the store holds.
void check_says(const TargetStore& store, const MappingSpec& mapping, const std::string& path) {
  const StoreDescription& stored = store.description();
  const bool reduced = store.is_reduced();
  if (mapping.pca != 0 && (mapping.pca != stored.width || !reduced)) {
    throw std::runtime_error(fmt::format(
        "{}: target.pca = {}, but this store holds {} numbers{}; a store is reduced when it is "
        "labelled, so leave the key out or label anew",
        path, mapping.pca, stored.width, reduced ? " of a reduction" : " that were not reduced"));
  }
  if (mapping.granularity != stored.granularity || mapping.content != stored.content ||
      mapping.temperature_or_one() != stored.temperature || mapping.fusion != stored.fusion) {
    throw std::runtime_error(fmt::format(
        "{}: this store holds {} {}, temperature {}, fusion '{}'; the mapping says {} {}, "
        "temperature {}, fusion '{}'; a rule of target.switch that names a store names these keys "
        "too",
        path, stored.granularity.text(), text_of(stored.content), stored.temperature,
        fusion_text(stored.fusion), mapping.granularity.text(), text_of(mapping.content),
        mapping.temperature_or_one(), fusion_text(mapping.fusion)));
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
  take(config.granularity, blank.granularity, stored.granularity.text(), "granularity",
       config.store);
  take(config.content, blank.content, std::string(text_of(stored.content)), "content",
       config.store);
  take(config.temperature, blank.temperature, stored.temperature, "temperature", config.store);
  take(config.fusion, blank.fusion, fusion_text(stored.fusion), "fusion", config.store);
  return config;
}

std::shared_ptr<const TargetStore> open_student_store(const std::filesystem::path& path,
                                                      const MappingSpec& mapping,
                                                      const TrialConfig& trial,
                                                      const Splits& splits,
                                                      const std::optional<Fingerprint>& teacher) {
  auto store = std::make_shared<TargetStore>(path);
  const StoreDescription& description = store->description();
  StoreUse use{.dataset = &splits.train, .views = {}, .teacher_fingerprint = teacher};
  if (mapping.teacher_views) {
    const ViewPolicy policy = teacher_policy(mapping, ViewPolicy::parse(trial.views.policy));
    use.views = policy.text();
    use.views_fingerprint = policy.fingerprint();
  }
  if (description.granularity.per_view()) {
    use.view_seed = view_seed(trial.views, trial.seed);
  }
  check_use(*store, path.string(), use);
  check_says(*store, mapping, path.string());
  if (description.granularity.per_view()) {
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

StoredTargets open_targets(const std::filesystem::path& path, const MappingSpec& mapping,
                           const TrialConfig& trial, const Splits& splits,
                           const std::optional<Fingerprint>& teacher) {
  auto store = open_student_store(path, mapping, trial, splits, teacher);
  TargetKeys keys = store->keys();
  return {std::move(keys), std::move(store)};
}

MappedSamples mapped_samples(const TrialConfig& trial, const Splits& splits) {
  return {.dataset = splits.train,
          .views = ViewPolicy::parse(trial.views.policy),
          .seed = static_cast<std::uint64_t>(trial.seed)};
}

}  // namespace tandem
