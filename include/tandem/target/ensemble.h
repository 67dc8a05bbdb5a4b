#pragma once

#include <memory>
#include <vector>

#include "tandem/target/ensemble_mean.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// Several teachers that answer as one. With p_m, z_m the members' probabilities and logits, and
/// all means over members:
///
/// | mean   | `probs` at T             | `logits`               |
/// |--------|--------------------------|------------------------|
/// | probs  | mean of softmax(z_m / T) | log(mean softmax(z_m)) |
/// | logits | softmax(mean(z_m) / T)   | mean(z_m)              |
///
/// Features of different networks have no common axes, so an ensemble gives none.
class Ensemble : public Teacher {
 public:
  /// Throws std::invalid_argument for no members and for members that differ in their classes.
  Ensemble(std::vector<std::shared_ptr<Teacher>> members, EnsembleMean mean);

  torch::Tensor answer(const torch::Tensor& pixels, Content content, double temperature) override;
  std::int64_t width(Content content) const override;
  std::int64_t class_count() const override { return members_.front()->class_count(); }

  /// Of the members in their order and of the kind of mean.
  const Fingerprint& fingerprint() const override { return fingerprint_; }

  /// What those members that know it agree on; where they do not, all of it ("a; b"), which is no
  /// student's split.
  std::optional<std::string> trained_on() const override;

  /// Those of the members.
  std::string remark() const override;

 private:
  std::vector<std::shared_ptr<Teacher>> members_;
  EnsembleMean mean_;
  Fingerprint fingerprint_;
};

}  // namespace tandem
