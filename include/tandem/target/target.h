#pragma once

#include <torch/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "tandem/core/config.h"

namespace tandem {

/// Who shares one target (the granularity of a mapping).
enum class Granularity {
  kClass,   ///< all views of all samples of a class
  kSample,  ///< all views of one sample
  kView,    ///< nobody
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
/// lists the known ones.
Granularity parse_granularity(std::string_view text);
Content parse_content(std::string_view text);
std::string_view text_of(Granularity granularity);
std::string_view text_of(Content content);

/// Whether a teacher answers for this content.
bool needs_teacher(Content content);

/// Targets of one batch, row by row with it.
struct Target {
  Content content = Content::kOneHot;
  torch::Tensor values;    ///< fp32 [b, width]
  double temperature = 1;  ///< at which `probs` were taken
};

/// A mapping as a config file states it, and how it changes during training; see resolve() and
/// switch_rule.h.
struct TargetConfig {
  std::string granularity = "class";
  std::string content = "one-hot";
  std::string fusion = "canonical";   ///< canonical or mean:M; how one target serves many views
  double temperature = 1;             ///< of `probs`
  double smoothing = 0.1;             ///< of `smoothed`: weight of the uniform distribution
  std::string teacher;                ///< rung of the study's ladder, or path of a checkpoint
  bool shuffle = false;               ///< canary: give the samples each other's targets
  std::vector<std::string> switches;  ///< key `switch`: rules "EVENT key=value ...", in order

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

}  // namespace tandem
