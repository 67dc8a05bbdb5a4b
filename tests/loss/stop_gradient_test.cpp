// The unified loss's promise: the backbone learns from the mapped targets alone, and the classifier
// that accuracy is read off learns from class ids alone.

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tandem/loss/loss.h"
#include "tandem/model/initialise.h"

namespace tandem {
namespace {

constexpr ImageShape kShape{1, 12, 12};
constexpr std::int64_t kClasses = 4;

struct Setting {
  explicit Setting(Content content)
      : loss({.form = "unified"}, content),
        model({.name = "convnet3", .width = 4}, kShape, {.classes = kClasses, .target = kClasses}),
        target{content,
               torch::softmax(torch::linspace(-1, 1, 8 * kClasses).reshape({8, kClasses}), 1)} {
    initialise(model, 7);
    images = torch::linspace(-2, 2, 8 * 144).reshape({8, 1, 12, 12});
    labels = torch::tensor({0, 1, 2, 3, 0, 1, 2, 3}, torch::kInt64);
  }

  LossTerms terms() { return loss(loss.predict(model, images), target, labels); }

  Loss loss;
  Model model;
  Target target;
  torch::Tensor images, labels;
};

double largest_gradient(Model& model, bool (*wanted)(const std::string&)) {
  double largest = 0;
  for (const auto& item : model.named_parameters()) {
    if (wanted(item.key()) && item.value().grad().defined()) {
      largest = std::max(largest, item.value().grad().abs().max().item<double>());
    }
  }
  return largest;
}

bool is_classifier(const std::string& name) {
  return name.starts_with("fc.");
}
bool is_target_head(const std::string& name) {
  return name.starts_with("target_head.");
}
bool is_backbone(const std::string& name) {
  return !is_classifier(name) && !is_target_head(name);
}

TEST(UnifiedLoss, ClassifierGradientNeverReachesTheBackbone) {
  Setting setting(Content::kProbs);
  setting.terms().classifier.backward();
  EXPECT_EQ(largest_gradient(setting.model, is_backbone), 0.0);
  EXPECT_EQ(largest_gradient(setting.model, is_target_head), 0.0);
  EXPECT_GT(largest_gradient(setting.model, is_classifier), 0.0);
}

TEST(UnifiedLoss, TargetLossNeverReachesTheClassifier) {
  for (const Content content : {Content::kOneHot, Content::kProbs, Content::kLogits}) {
    Setting setting(content);
    setting.terms().target.backward();
    EXPECT_EQ(largest_gradient(setting.model, is_classifier), 0.0);
    EXPECT_GT(largest_gradient(setting.model, is_backbone), 0.0);
    EXPECT_GT(largest_gradient(setting.model, is_target_head), 0.0);
  }
}

TEST(UnifiedLoss, TotalIsTheSumOfItsTwoTerms) {
  Setting setting(Content::kProbs);
  const LossTerms terms = setting.terms();
  EXPECT_EQ(terms.total.item<float>(), (terms.target + terms.classifier).item<float>());
}

TEST(DirectLoss, HasNoTargetHeadAndTrainsTheBackboneThroughTheClassifier) {
  const Loss loss({.form = "direct"}, Content::kProbs);
  EXPECT_EQ(loss.target_head_width(kClasses), 0);
  Setting setting(Content::kProbs);
  Model model({.name = "convnet3", .width = 4}, kShape, {.classes = kClasses});
  initialise(model, 7);
  loss(loss.predict(model, setting.images), setting.target, setting.labels).total.backward();
  EXPECT_GT(largest_gradient(model, is_backbone), 0.0);
  EXPECT_GT(largest_gradient(model, is_classifier), 0.0);
}

TEST(Loss, OfSeveralKindsOfTargetsJudgesEachByItsOwn) {
  const std::vector<Content> contents{Content::kProbs, Content::kOneHot, Content::kLogits};
  Setting setting(Content::kProbs);
  const Loss of_all({.form = "unified"}, contents);
  const Prediction prediction = of_all.predict(setting.model, setting.images);
  for (const Content content : contents) {
    setting.target.content = content;
    const Loss of_one({.form = "unified"}, content);
    EXPECT_EQ(of_all(prediction, setting.target, setting.labels).target.item<float>(),
              of_one(prediction, setting.target, setting.labels).target.item<float>());
  }
  EXPECT_THROW(Loss({.target = "kl"}, contents), std::invalid_argument);
}

TEST(DirectLoss, RefusesFeatures) {
  EXPECT_THROW(Loss({.form = "direct"}, Content::kFeatures), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
