#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "tandem/core/config.h"
#include "tandem/model/model.h"
#include "tandem/target/target.h"

namespace tandem {

/// How predictions are judged.
struct LossConfig {
  std::string form = "unified";  ///< unified (target head and classifier) or direct (one head)
  /// cross-entropy, kl, mse, cosine, a registered one, or the content's own (auto)
  std::string target = "auto";
  double soft_weight = 1;  ///< lambda of lambda * target + (1 - lambda) * cross-entropy

  void visit(ConfigVisitor& visitor);
};

/// What a model says of a batch.
struct Prediction {
  torch::Tensor target;   ///< fp32 [b, target width]: g(f(v)); in the direct form h(f(v))
  torch::Tensor classes;  ///< fp32 [b, classes]: h(sg(f(v))); in the direct form h(f(v))
};

struct LossTerms {
  torch::Tensor total;       ///< what is minimised
  torch::Tensor target;      ///< the part that trains the backbone
  torch::Tensor classifier;  ///< cross-entropy of the classifier
};

/// Knows predictions and targets, never where targets came from. The unified loss is
///
///   L(theta, psi, omega) = l(g_psi(f_theta(v)), y_key) + CE(h_omega(sg(f_theta(v))), c_i):
///
/// the backbone f learns from the mapped targets alone, and every mapping is judged by the same
/// classifier h behind the stop-gradient sg ("Equally Critical", see docs/design.md). The direct
/// form is ordinary training, l(h(f(v)), y_key), for comparison.
class Loss {
 public:
  /// For targets of these kinds, each with its own loss where `config` says `auto`. Throws
  /// std::invalid_argument for unknown names, a soft_weight outside 0..1, and a mix or a direct
  /// form with content whose width is not the number of classes (features).
  Loss(const LossConfig& config, const std::vector<Content>& contents);
  Loss(const LossConfig& config, Content content) : Loss(config, std::vector{content}) {}

  /// Width of the target head that the model needs: 0 in the direct form.
  std::int64_t target_head_width(std::int64_t target_width) const;

  Prediction predict(Model& model, const torch::Tensor& images) const;

  /// `labels` are class ids, int64 [b], or shares of classes, fp32 [b, classes].
  LossTerms operator()(const Prediction& prediction, const Target& target,
                       const torch::Tensor& labels) const;

 private:
  bool unified_;
  std::string target_loss_;  ///< may be auto
  double soft_weight_;
};

}  // namespace tandem
