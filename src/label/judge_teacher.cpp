#include "tandem/label/judge_teacher.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tandem {
namespace {

constexpr std::int64_t kMostSamples = 1000;
constexpr double kRounding = 1e-3;  // of a row of fp16 probabilities, and more

/// Evenly over the split, which may stand in the order of its classes.
std::vector<std::int64_t> some_of(const Dataset& dataset) {
  const std::int64_t count = std::min(kMostSamples, dataset.size());
  std::vector<std::int64_t> indices;
  for (std::int64_t k = 0; k < count; ++k) {
    indices.push_back(k * dataset.size() / count);
  }
  return indices;
}

bool are_probabilities(const torch::Tensor& rows) {
  const torch::Tensor sums = rows.to(torch::kFloat64).sum(1);
  return rows.size(1) > 1 && rows.ge(0).all().item<bool>() && rows.le(1).all().item<bool>() &&
         sums.sub(1).abs().max().item<double>() <= kRounding;
}

/// Beyond which a share of right answers is no chance: three standard deviations.
double most_by_chance(double classes, double samples) {
  const double share = 1 / classes;
  return share + 3 * std::sqrt(share * (1 - share) / samples);
}

}  // namespace

std::vector<std::string> judge_teacher(Teacher& teacher, const std::string& name,
                                       const Dataset& validation) {
  const Dataset samples = select(validation, some_of(validation));
  const torch::Tensor logits =
      teacher.answer(samples.images(0, samples.size()), Content::kLogits, 1);
  if (are_probabilities(logits)) {
    throw std::runtime_error(fmt::format(
        "teacher {}: its answers are probabilities (all in 0..1, each row with the sum 1), and "
        "logits are expected, of which the softmax is taken here; export the model without its "
        "last softmax",
        name));
  }
  const double right =
      logits.argmax(1).eq(samples.labels()).to(torch::kFloat64).mean().item<double>();
  std::vector<std::string> sentences{fmt::format(
      "teacher {}: right on {:.1f} % of {} validation samples", name, 100 * right, samples.size())};
  if (right <= most_by_chance(static_cast<double>(samples.class_count()),
                              static_cast<double>(samples.size()))) {
    const std::vector<std::string>& names = samples.class_names();
    sentences.push_back(
        fmt::format("teacher {}: that is hardly better than chance; does it number the classes as "
                    "the data set does ('{}' is 0, '{}' is {}), and are its mean and stddev right?",
                    name, names.front(), names.back(), names.size() - 1));
  }
  if (const std::string remark = teacher.remark(); !remark.empty()) {
    sentences.push_back(fmt::format("teacher {}: {}", name, remark));
  }
  if (!teacher.trained_on()) {
    sentences.push_back(
        fmt::format("teacher {}: nothing says which samples it has learnt from; if the validation "
                    "samples are among them, what it teaches is judged too well",
                    name));
  }
  return sentences;
}

}  // namespace tandem
