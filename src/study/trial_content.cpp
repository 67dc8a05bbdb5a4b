#include "trial_content.h"

#include "tandem/target/target_store.h"

namespace tandem {

TrialContent content_of(const TrialConfig& trial, const MappingPlan& mappings,
                        const TrialSources& sources, const StoreFingerprint& fingerprint_of_store,
                        DataCache& data) {
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
      std::string& known = content.sources.stores[store];
      known = fingerprint_of_store(store);
      content.record.sources.push_back(known);
    }
  }
  return content;
}

TrialContent content_of(const TrialConfig& trial, const MappingPlan& mappings,
                        const TrialSources& sources, DataCache& data) {
  return content_of(
      trial, mappings, sources,
      [](const std::string& path) { return TargetStore(path).fingerprint().hex(); }, data);
}

}  // namespace tandem
