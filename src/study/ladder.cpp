#include "tandem/study/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "tandem/learn/learner.h"
#include "tandem/model/initialise.h"
#include "tandem/model/weights.h"
#include "tandem/record/provenance.h"
#include "tandem/sample/splits.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr const char* kCheckpointName = "checkpoint";

/// Saves the rungs as training passes their steps.
class RungSaver : public FitObserver {
 public:
  RungSaver(const LadderConfig& config, const fs::path& folder, const Normalisation& normalisation,
            std::map<std::string, std::string> notes, FitObserver& next)
      : config_(config),
        folder_(folder),
        normalisation_(normalisation),
        notes_(std::move(notes)),
        next_(next) {}

  void on_step(std::int64_t done, std::int64_t total) override { next_.on_step(done, total); }

  void on_evaluation(const Evaluation& evaluation, Model& model) override {
    for (std::size_t k = 0; k < config_.rungs.size(); ++k) {
      if (config_.steps[k] == evaluation.step) {
        notes_["step"] = fmt::format("{}", evaluation.step);
        notes_["validation_top1_pct"] = fmt::format("{}", evaluation.validation_top1_pct);
        save_model(rung_path(folder_, config_.rungs[k]), model, normalisation_, notes_);
      }
    }
    next_.on_evaluation(evaluation, model);
  }

 private:
  const LadderConfig& config_;
  fs::path folder_;
  Normalisation normalisation_;
  std::map<std::string, std::string> notes_;
  FitObserver& next_;
};

std::vector<TeacherRecord> records_of(const LadderConfig& config,
                                      const std::vector<Evaluation>& evaluations,
                                      const Model& model) {
  std::vector<TeacherRecord> records;
  for (std::size_t k = 0; k < config.rungs.size(); ++k) {
    const auto found = std::find_if(evaluations.begin(), evaluations.end(),
                                    [&](const auto& e) { return e.step == config.steps[k]; });
    records.push_back({.name = config.rungs[k],
                       .step = config.steps[k],
                       .train_s = found->train_s,
                       .validation_top1_pct = found->validation_top1_pct,
                       .model = describe(model)});
  }
  return records;
}

void write_ladder(const fs::path& folder, const std::vector<TeacherRecord>& records) {
  nlohmann::ordered_json rungs = nlohmann::ordered_json::array();
  for (const TeacherRecord& record : records) {
    rungs.push_back({{"name", record.name},
                     {"step", record.step},
                     {"train_s", record.train_s},
                     {"validation_top1_pct", record.validation_top1_pct},
                     {"model", record.model}});
  }
  write_file_atomically(ladder_path(folder), rungs.dump(2) + "\n");
}

}  // namespace

void LadderConfig::visit(ConfigVisitor& visitor) {
  visitor.field("seed", seed);
  visitor.field("rungs", rungs);
  visitor.field("steps", steps);
  visitor.field("smoothing", smoothing);
  visitor.section("views", views);
  visitor.section("model", model);
  visitor.section("train", train);
}

void check(const LadderConfig& config, std::int64_t train_size) {
  const std::int64_t total = total_steps(config.train, train_size);
  if (config.rungs.empty() || config.rungs.size() != config.steps.size()) {
    throw std::invalid_argument(
        fmt::format("teach: expected as many rungs as steps and at least one, got {} and {}",
                    config.rungs.size(), config.steps.size()));
  }
  const bool ascends = std::adjacent_find(config.steps.begin(), config.steps.end(),
                                          std::greater_equal<>()) == config.steps.end();
  if (!ascends || config.steps.front() < 1 || config.steps.back() > total) {
    throw std::invalid_argument(
        fmt::format("teach.steps: expected ascending steps in 1..{}, got [{}]", total,
                    fmt::join(config.steps, ", ")));
  }
  std::set<std::string> names;
  for (const std::string& rung : config.rungs) {
    const bool plain = !rung.empty() && rung.find_first_of("/\\.") == std::string::npos;
    if (!plain || rung == kCheckpointName || !names.insert(rung).second) {
      throw std::invalid_argument(
          fmt::format("teach.rungs: expected different names without '/' and '.', and none called "
                      "'{}', got '{}'",
                      kCheckpointName, rung));
    }
  }
}

fs::path ladder_path(const fs::path& folder) {
  return folder / "ladder.json";
}

fs::path ladder_checkpoint_path(const fs::path& folder) {
  return rung_path(folder, kCheckpointName);
}

fs::path rung_path(const fs::path& folder, const std::string& rung) {
  return folder / (rung + ".safetensors");
}

std::vector<TeacherRecord> train_ladder(const LadderConfig& config, const DataConfig& data,
                                        const fs::path& folder, FitObserver& observer,
                                        std::stop_token stop) {
  if (std::vector<TeacherRecord> finished = read_ladder(folder); !finished.empty()) {
    return finished;
  }
  const Splits splits = load_splits(data);
  check(config, splits.train.size());
  at::set_num_threads(static_cast<int>(config.train.threads));
  const auto seed = static_cast<std::uint64_t>(config.seed);
  const std::uint64_t seen_seed =
      config.views.seed >= 0 ? static_cast<std::uint64_t>(config.views.seed) : seed;

  const std::int64_t classes = splits.train.class_count();
  auto model = std::make_shared<Model>(config.model, splits.train.image_shape(), classes, 0);
  initialise(*model, seed);
  const Content content = config.smoothing > 0 ? Content::kSmoothed : Content::kOneHot;
  Learner learner(model, Loss({.form = "direct"}, content), config.train);
  BatchSource batches(splits.train, ViewPolicy::parse(config.views.policy), splits.normalisation,
                      {.size = config.train.batch, .order_seed = seed, .view_seed = seen_seed});
  std::unique_ptr<Mapping> mapping = class_mapping(classes, config.smoothing);
  if (batches.policy().mixes()) {
    mapping = std::make_unique<MixedMapping>(std::move(mapping));
  }

  FitPlan plan{.train = config.train,
               .validation = &splits.validation,
               .checkpoint = ladder_checkpoint_path(folder)};
  plan.train.evaluate_at.insert(plan.train.evaluate_at.end(), config.steps.begin(),
                                config.steps.end());
  std::map<std::string, std::string> notes{{kTrainedOnNote, split_text(data)}};
  if (const std::string samples = samples_text(data); !samples.empty()) {
    notes["learnt_from"] = samples;
  }
  RungSaver saver(config, folder, splits.normalisation, std::move(notes), observer);
  const FitResult result = fit(learner, batches, *mapping, plan, saver, stop);
  if (result.diverged) {
    throw std::runtime_error(
        fmt::format("the teacher diverged: {}; try a smaller teach.train.rate (now {})",
                    result.message, config.train.rate));
  }
  const std::vector<TeacherRecord> records =
      records_of(config, result.progress.evaluations, *model);
  write_ladder(folder, records);
  fs::remove(ladder_checkpoint_path(folder));
  return records;
}

std::vector<TeacherRecord> read_ladder(const fs::path& folder) {
  const fs::path path = ladder_path(folder);
  std::vector<TeacherRecord> records;
  if (!fs::exists(path)) {
    return records;
  }
  try {
    for (const auto& rung : nlohmann::json::parse(read_file(path))) {
      records.push_back({.name = rung.at("name"),
                         .step = rung.at("step"),
                         .train_s = rung.at("train_s"),
                         .validation_top1_pct = rung.at("validation_top1_pct"),
                         .model = rung.at("model")});
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(
        fmt::format("{}: not a ladder of teachers: {}", path.string(), error.what()));
  }
  return records;
}

}  // namespace tandem
