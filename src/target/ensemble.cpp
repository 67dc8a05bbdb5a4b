#include "tandem/target/ensemble.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>
#include <stdexcept>
#include <string>

namespace tandem {
namespace {

Fingerprint fingerprint_of_members(const std::vector<std::shared_ptr<Teacher>>& members,
                                   EnsembleMean mean) {
  Fingerprinter fingerprinter;
  fingerprinter.text("ensemble").text(text_of(mean));
  for (const auto& member : members) {
    fingerprinter.text(member->fingerprint().hex());
  }
  return fingerprinter.digest();
}

}  // namespace

Ensemble::Ensemble(std::vector<std::shared_ptr<Teacher>> members, EnsembleMean mean)
    : members_(std::move(members)), mean_(mean) {
  if (members_.empty()) {
    throw std::invalid_argument("Ensemble: expected at least one teacher");
  }
  for (const auto& member : members_) {
    if (member->class_count() != class_count()) {
      throw std::invalid_argument(
          fmt::format("Ensemble: expected teachers of the same classes, got {} and {}",
                      class_count(), member->class_count()));
    }
  }
  fingerprint_ = fingerprint_of_members(members_, mean_);
}

std::int64_t Ensemble::width(Content content) const {
  if (content != Content::kProbs && content != Content::kLogits) {
    throw std::invalid_argument(
        fmt::format("an ensemble of teachers does not give '{}'", text_of(content)));
  }
  return class_count();
}

torch::Tensor Ensemble::answer(const torch::Tensor& pixels, Content content, double temperature) {
  width(content);  // refuses other content
  if (!(temperature > 0)) {
    throw std::invalid_argument(
        fmt::format("Ensemble: expected a temperature > 0, got {}", temperature));
  }
  const bool mean_of_probs = mean_ == EnsembleMean::kProbs;
  const bool as_probs = mean_of_probs && content == Content::kProbs;
  std::vector<torch::Tensor> answers;
  for (const auto& member : members_) {
    const torch::Tensor answer =
        member->answer(pixels, as_probs ? Content::kProbs : Content::kLogits, temperature);
    answers.push_back(answer.to(torch::kFloat64));
  }
  torch::Tensor mean;
  if (mean_of_probs && !as_probs) {
    // Through logarithms: a class that every member is sure against must not become -infinity.
    const double count = static_cast<double>(members_.size());
    mean = torch::logsumexp(torch::log_softmax(torch::stack(answers), 2), 0) - std::log(count);
  } else {
    mean = torch::stack(answers).mean(0);
  }
  if (!mean_of_probs && content == Content::kProbs) {
    mean = torch::softmax(mean / temperature, 1);
  }
  return mean.to(torch::kFloat32);
}

std::optional<std::string> Ensemble::trained_on() const {
  std::set<std::string> splits;
  for (const auto& member : members_) {
    if (const auto split = member->trained_on()) {
      splits.insert(*split);
    }
  }
  return splits.empty() ? std::nullopt : std::optional(fmt::format("{}", fmt::join(splits, "; ")));
}

std::string Ensemble::remark() const {
  std::set<std::string> remarks;
  for (const auto& member : members_) {
    remarks.insert(member->remark());
  }
  remarks.erase("");
  return fmt::format("{}", fmt::join(remarks, "; "));
}

}  // namespace tandem
