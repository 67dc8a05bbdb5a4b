#include "tandem/study/identity.h"

#include <array>
#include <string_view>

#include "identity_text.h"
#include "tandem/core/fingerprint.h"

namespace tandem {
namespace {

constexpr std::size_t kDigits = 16;

/// "[section] key = value" of keys that came after identities were fixed, with the value that
/// changes nothing: "[target] key = value", "[views] ...", "[trial] ..." and "[ladder] ..." for
/// what stands in no table of these.
constexpr std::array<std::string_view, 0> kAddedLater{};

/// The resolved text without keys that came later and change nothing.
template <typename Config>
std::string identity_text(const Config& config, const char* section) {
  return without_added_keys(config_text(config), section, kAddedLater);
}

/// The keys of a training.
struct TrainingKeys {
  TrainingSetup training;

  void visit(ConfigVisitor& visitor) {
    visitor.field("seed", training.seed);
    visitor.section("views", training.views);
    visitor.section("model", training.model);
    visitor.section("loss", training.loss);
    visitor.section("train", training.train);
  }
};

/// The budget in steps, however it is said, and the looks in steps too; not how the arithmetic is
/// done.
TrainConfig in_steps(TrainConfig train, std::int64_t steps) {
  train.evaluate_at = evaluation_steps(train, steps);
  train.evaluations = 1;
  train.steps = steps;
  train.samples = 0;
  train.epochs = 0;
  train.threads = TrainConfig{}.threads;
  train.device = TrainConfig{}.device;
  return train;
}

void add_views(Fingerprinter& hash, const std::string& policy) {
  hash.text(ViewPolicy::parse(policy).fingerprint().hex());
}

void add_data(Fingerprinter& hash, const DataIdentity& data) {
  hash.text(data.train).text(data.validation).text(data.test);
}

std::string at(const auto& known, const auto& key) {
  const auto found = known.find(key);
  return found == known.end() ? "" : found->second;
}

/// A mapping with content in place of the names of its teacher and store.
void add_mapping(Fingerprinter& hash, const PlannedMapping& planned,
                 const SourceIdentity& sources) {
  TargetConfig keys = config_of(planned.spec);
  keys.teacher = at(sources.teachers, planned.spec.teacher);
  keys.ensemble.clear();  // part of the teacher's fingerprint
  keys.store = at(sources.stores, planned.spec.store);
  hash.text(identity_text(keys, "[target]"));
  hash.text(planned.until ? planned.until->text() : "");
}

std::string name_of(const Fingerprinter& hash) {
  return hash.digest().hex().substr(0, kDigits);
}

}  // namespace

DataIdentity identify(const Splits& splits) {
  return {.train = splits.train.fingerprint().hex(),
          .validation = splits.validation.fingerprint().hex(),
          .test = {}};
}

std::string trial_identity(const TrialConfig& config, const DataIdentity& data,
                           const SourceIdentity& sources, std::int64_t steps) {
  TrainingKeys keys{training_of(config)};
  keys.training.train = in_steps(keys.training.train, steps);
  Fingerprinter hash;
  hash.text("trial").text(identity_text(keys, "[trial]"));
  add_views(hash, config.views.policy);
  add_data(hash, data);
  for (const PlannedMapping& planned : plan_mappings(config.target)) {
    add_mapping(hash, planned, sources);
  }
  return name_of(hash);
}

std::string ladder_identity(const LadderConfig& config, const DataIdentity& data,
                            std::int64_t steps) {
  LadderConfig keys = config;
  keys.views.policy = ViewPolicy::parse(config.views.policy).text();
  keys.train = in_steps(config.train, steps);
  keys.train.evaluate_at.clear();  // a look changes no teacher
  Fingerprinter hash;
  hash.text("ladder").text(identity_text(keys, "[ladder]"));
  add_views(hash, config.views.policy);
  add_data(hash, data);
  return name_of(hash);
}

}  // namespace tandem
