#include "tandem/loss/loss.h"

#include <fmt/format.h>

#include <stdexcept>

#include "named_losses.h"
#include "tandem/loss/target_loss.h"

namespace tandem {

void LossConfig::visit(ConfigVisitor& visitor) {
  visitor.field("form", form);
  visitor.field("target", target);
  visitor.field("soft_weight", soft_weight);
}

namespace {

std::string_view loss_for(const std::string& name, Content content) {
  return name == kContentsOwnLoss ? default_target_loss(content) : std::string_view(name);
}

}  // namespace

Loss::Loss(const LossConfig& config, const std::vector<Content>& contents)
    : unified_(config.form == "unified"),
      target_loss_(config.target),
      soft_weight_(config.soft_weight) {
  if (!unified_ && config.form != "direct") {
    throw std::invalid_argument(
        fmt::format("loss.form: expected unified or direct, got '{}'", config.form));
  }
  if (!(soft_weight_ >= 0 && soft_weight_ <= 1)) {
    throw std::invalid_argument(
        fmt::format("loss.soft_weight: expected a number in 0..1, got {}", soft_weight_));
  }
  for (const Content content : contents) {
    check_target_loss(loss_for(target_loss_, content), content);
    if (content == Content::kFeatures && (!unified_ || soft_weight_ != 1)) {
      throw std::invalid_argument(
          "features have no class logits: they need loss.form = 'unified' and loss.soft_weight = "
          "1");
    }
  }
}

std::int64_t Loss::target_head_width(std::int64_t target_width) const {
  return unified_ ? target_width : 0;
}

Prediction Loss::predict(Model& model, const torch::Tensor& images) const {
  const torch::Tensor features = model.features(images);
  if (unified_) {
    return {model.predict_target(features), model.classify(features.detach())};
  }
  const torch::Tensor logits = model.classify(features);
  return {logits, logits};
}

LossTerms Loss::operator()(const Prediction& prediction, const Target& target,
                           const torch::Tensor& labels) const {
  LossTerms terms;
  terms.target = target_loss(loss_for(target_loss_, target.content), prediction.target, target);
  if (soft_weight_ != 1) {
    terms.target = soft_weight_ * terms.target +
                   (1 - soft_weight_) * hard_cross_entropy(prediction.target, labels);
  }
  terms.classifier =
      hard_cross_entropy(unified_ ? prediction.classes : prediction.classes.detach(), labels);
  terms.total = unified_ ? terms.target + terms.classifier : terms.target;
  return terms;
}

}  // namespace tandem
