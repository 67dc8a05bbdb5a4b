#include "trial_content.h"

#include "tandem/target/target_store.h"

namespace tandem {

TrialContent content_of(const TrialConfig& trial, const MappingPlan& mappings,
                        const TrialSources& sources, DataCache& data, StoreFingerprints& stores) {
  TrialContent content;
  content.data = data.identity(trial.data);
  content.record.train = content.data.train;
  content.record.validation = content.data.validation;
  content.record.test = content.data.test;
  for (const PlannedMapping& planned : mappings) {
    if (const TeacherRef& teacher = planned.spec.teacher; !teacher.empty()) {
      std::string& known = content.sources.teachers[teacher];
      known =
          data.teacher(sources.files(teacher), trial.data, trial.train.device)->fingerprint().hex();
      content.record.sources.push_back(known);
    }
    if (const std::string& store = planned.spec.store; !store.empty()) {
      const auto [known, added] = stores.try_emplace(store);
      if (added) {
        known->second = TargetStore(store).fingerprint().hex();
      }
      content.sources.stores[store] = known->second;
      content.record.sources.push_back(known->second);
    }
  }
  return content;
}

}  // namespace tandem
