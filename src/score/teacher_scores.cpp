#include "tandem/score/teacher_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/core/interrupted.h"
#include "tandem/target/herding.h"

namespace tandem {
namespace {

constexpr std::int64_t kScoredAtOnce = 256;

/// The teacher's answers to canonical views, fp32 [samples, width].
torch::Tensor answers_of(Teacher& teacher, const Dataset& dataset, Content content,
                         const OnProgress& progress, std::stop_token stop) {
  std::vector<torch::Tensor> answers;
  for (std::int64_t first = 0; first < dataset.size(); first += kScoredAtOnce) {
    if (stop.stop_requested()) {
      throw Interrupted();
    }
    const std::int64_t count = std::min(kScoredAtOnce, dataset.size() - first);
    answers.push_back(teacher.answer(dataset.images(first, count), content, 1));
    if (progress) {
      progress({first + count, dataset.size(), ""});
    }
  }
  return torch::cat(answers);
}

SampleScores scores_of(const Splits& splits, const Teacher& teacher) {
  return {.samples = splits.train_indices,
          .hard = "none",
          .typical = "median",
          .dataset = splits.train.name(),
          .dataset_fingerprint = splits.train.fingerprint(),
          .notes = {{"teacher_fingerprint", teacher.fingerprint().hex()}}};
}

}  // namespace

void TeacherScoreConfig::visit(ConfigVisitor& visitor) {
  visitor.field("teacher", teacher);
  visitor.field("ensemble", ensemble);
  visitor.field("threads", threads);
  visitor.field("device", device);
  visitor.section("data", data);
}

SampleScores score_confidence(Teacher& teacher, const Splits& splits, const OnProgress& progress,
                              std::stop_token stop) {
  const torch::Tensor probs = answers_of(teacher, splits.train, Content::kProbs, progress, stop);
  SampleScores scores = scores_of(splits, teacher);
  scores.score = "confidence";
  scores.values = probs.gather(1, splits.train.labels().unsqueeze(1)).squeeze(1).contiguous();
  scores.hard = "low";
  return scores;
}

SampleScores score_herding(Teacher& teacher, const Splits& splits, const OnProgress& progress,
                           std::stop_token stop) {
  const Dataset& dataset = splits.train;
  // Asking the teacher is about half of the work, ordering the other.
  const auto tell = [&](std::int64_t asked, std::int64_t ordered) {
    if (progress) {
      progress({asked + ordered, 2 * dataset.size(), ""});
    }
  };
  std::int64_t ordered = 0;
  const torch::Tensor features = answers_of(
      teacher, dataset, Content::kFeatures, [&](const Progress& asked) { tell(asked.done, 0); },
      stop);
  SampleScores scores = scores_of(splits, teacher);
  scores.score = "herding";
  scores.values = torch::zeros({dataset.size()});
  scores.typical = "low";
  float* rank = scores.values.data_ptr<float>();
  for (std::int64_t label = 0; label < dataset.class_count(); ++label) {
    if (stop.stop_requested()) {
      throw Interrupted();
    }
    const torch::Tensor members = dataset.labels().eq(label).nonzero().squeeze(1).contiguous();
    const std::vector<std::int64_t> order = herding_order(features.index_select(0, members));
    for (std::size_t place = 0; place < order.size(); ++place) {
      rank[members.data_ptr<std::int64_t>()[order[place]]] = static_cast<float>(place);
    }
    ordered += members.numel();
    tell(dataset.size(), ordered);
  }
  return scores;
}

void check_scored(const DataConfig& data) {
  check(data);
  if (has_subset(data)) {
    throw std::invalid_argument(
        "score: scores are of the whole training part, so that any subset can be chosen by them; "
        "leave data.train, data.fraction and data.per_class out");
  }
}

}  // namespace tandem
