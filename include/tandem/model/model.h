#pragma once

#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <memory>
#include <string>

#include "tandem/model/backbone.h"

namespace tandem {

/// How many numbers a model's heads give.
struct HeadWidths {
  std::int64_t classes = 0;  ///< logits of the classifier
  std::int64_t target = 0;   ///< scalars per target; 0: no target head
};

/// Backbone f with its heads: the classifier h ("fc", as torchvision calls it) that accuracy is
/// read off, and for the unified loss a target head g ("target_head") as wide as the target. What
/// the backbone holds is registered without a prefix, so names are torchvision's.
class Model : public torch::nn::Module {
 public:
  /// Throws std::invalid_argument as make_backbone does, for a model without classes, and for a
  /// backbone that calls a layer as a head is called.
  Model(const ModelConfig& config, const ImageShape& shape, const HeadWidths& widths);

  torch::Tensor features(const torch::Tensor& images) { return backbone_->forward(images); }
  torch::Tensor classify(const torch::Tensor& features) { return classifier_->forward(features); }

  /// The same one row after the other: the last bits of a product of matrices depend on where in
  /// the matrix a row stands; here a row's logits depend on that row alone.
  torch::Tensor classify_rows(const torch::Tensor& features);

  torch::Tensor predict_target(const torch::Tensor& features);

  /// Class logits [n, class_count].
  torch::Tensor forward(const torch::Tensor& images) { return classify(features(images)); }

  /// As of every module, and of the backbone as well.
  void train(bool on = true) override;

  Backbone& backbone() { return *backbone_; }
  const ModelConfig& config() const { return config_; }
  const ImageShape& image_shape() const { return shape_; }
  std::int64_t class_count() const { return class_count_; }
  std::int64_t target_width() const { return target_width_; }
  std::int64_t feature_width() const { return backbone_->feature_width(); }

 private:
  ModelConfig config_;
  ImageShape shape_;
  std::int64_t class_count_;
  std::int64_t target_width_;
  std::shared_ptr<Backbone> backbone_;
  torch::nn::Linear classifier_{nullptr};
  torch::nn::Linear target_head_{nullptr};
};

}  // namespace tandem
