#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/core/config.h"
#include "tandem/target/mapping_spec.h"

namespace tandem {

/// A mapping as a config file states it, and how it changes during training. Blank keys stand for
/// their defaults, or for what the store says. This is the one place where mappings are text:
/// plan_mappings() makes values of it.
struct TargetConfig {
  std::string granularity;             ///< class (default), cluster:K, sample, pool:K or view
  std::string content;                 ///< one-hot (default), smoothed, probs, logits or features
  std::string fusion;                  ///< canonical (default) or mean:M, for many views
  double temperature = -1;             ///< of `probs`; -1 stands for 1
  double smoothing = 0.1;              ///< of `smoothed`: weight of the uniform distribution
  std::int64_t pca = 0;                ///< of `features`: principal components kept; 0: all
  std::string teacher;                 ///< rung of the study's ladder, or path; "a+b": an ensemble
  std::string ensemble = "probs";      ///< what an ensemble averages: probs or logits
  std::string teacher_views = "same";  ///< what the teacher sees: same, canonical or a policy
  std::string store;                   ///< path of a target store, which then says all the rest
  bool shuffle = false;                ///< canary: give the samples each other's targets
  std::vector<std::string> switches;   ///< key `switch`: rules "EVENT key=value ...", in order

  void visit(ConfigVisitor& visitor);

  /// The keys of one mapping: all but `switch`.
  void visit_mapping(ConfigVisitor& visitor);
};

/// The mapping that the keys of `config` say, `switch` aside: checks the combination and leaves out
/// what does not apply (a fusion where nothing is fused, a teacher where none answers). Throws
/// std::invalid_argument.
MappingSpec resolve_mapping(const TargetConfig& config);

/// The keys that say `spec`, those that do not apply to it blank.
TargetConfig config_of(const MappingSpec& spec);

}  // namespace tandem
