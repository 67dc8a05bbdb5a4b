#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/core/config.h"

namespace tandem {

/// Who shares one target (the granularity of a mapping).
enum class Granularity {
  kClass,    ///< all views of all samples of a class
  kCluster,  ///< all views of similar samples of a class
  kSample,   ///< all views of one sample
  kPool,     ///< nobody, but only K views per sample exist
  kView,     ///< nobody
};

/// What stands at a target key.
enum class Content {
  kOneHot,    ///< 1 at the class, 0 elsewhere
  kSmoothed,  ///< one-hot mixed with the uniform distribution (label smoothing)
  kProbs,     ///< teacher's softmax at a temperature
  kLogits,    ///< teacher's logits
  kFeatures,  ///< teacher's penultimate layer
};

/// Names as in config files: "class", "one-hot", ... Unknown ones are std::invalid_argument that
/// lists the known ones. "cluster:K" and "pool:K" carry a count, see granularity_count().
Granularity parse_granularity(std::string_view text);
Content parse_content(std::string_view text);
std::string_view text_of(Granularity granularity);
std::string_view text_of(Content content);

/// K of "cluster:K" (clusters per class) and "pool:K" (views per sample), 0 for the others.
/// Throws std::invalid_argument as parse_granularity does.
std::int64_t granularity_count(std::string_view text);

/// Whether each view has a target of its own (pool, view), so that a teacher may answer online.
bool is_per_view(Granularity granularity);

/// Whether a teacher answers for this content.
bool needs_teacher(Content content);

/// Targets of one batch, row by row with it.
struct Target {
  Content content = Content::kOneHot;
  torch::Tensor values;    ///< fp32 [b, width]
  double temperature = 1;  ///< at which `probs` were taken
};

/// A mapping as a config file states it, and how it changes during training; see resolve() and
/// switch_rule.h. Blank keys stand for their defaults, or for what the store says.
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

/// Checks the combination and blanks what does not apply (a fusion where nothing is fused, a
/// teacher where none answers), so that equal mappings have equal configs; rules of `switch` come
/// out naming just the keys that they change. Throws std::invalid_argument.
TargetConfig resolve(TargetConfig config);

/// M of "mean:M", 0 for "canonical". Throws std::invalid_argument.
std::int64_t fusion_views(std::string_view fusion);

/// The policy under which the teacher sees its views where the student's is `student`: the same,
/// "none" where it sees canonical views, or its own. Where views share targets, these are of one
/// sample each and the policy does not mix. Throws std::invalid_argument where the teacher's own
/// policy mixes otherwise than the student's.
std::string teacher_policy(const TargetConfig& config, const std::string& student);

}  // namespace tandem
