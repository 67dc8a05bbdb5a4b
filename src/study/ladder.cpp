#include "tandem/study/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

#include "tandem/core/atomic_file.h"
#include "tandem/model/model_text.h"
#include "tandem/model/weights.h"
#include "tandem/study/identity.h"
#include "tandem/target/mapping.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

fs::path ladder_path(const fs::path& folder) {
  return folder / "ladder.json";
}

fs::path checkpoint_path(const fs::path& folder) {
  return rung_path(folder, "checkpoint");
}

/// A folder's ladder is of one config and one content of data, finished or not.
void claim(const fs::path& folder, const std::string& identity) {
  const fs::path path = folder / "identity.txt";
  if (!fs::exists(path)) {
    write_file_atomically(path, identity + "\n");
  } else if (read_file(path) != identity + "\n") {
    throw std::invalid_argument(
        fmt::format("{} holds a ladder of another config, or of other data; choose another --out",
                    folder.string()));
  }
}

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

std::vector<TeacherRecord> records_of(const LadderConfig& config, const fs::path& folder,
                                      const std::vector<Evaluation>& evaluations,
                                      const Model& model) {
  std::vector<TeacherRecord> records;
  for (std::size_t k = 0; k < config.rungs.size(); ++k) {
    const auto found = std::find_if(evaluations.begin(), evaluations.end(),
                                    [&](const auto& e) { return e.step == config.steps[k]; });
    records.push_back(
        {.name = config.rungs[k],
         .step = config.steps[k],
         .train_s = found->train_s,
         .validation_top1_pct = found->validation_top1_pct,
         .model = describe(model),
         .fingerprint = load_model(rung_path(folder, config.rungs[k])).fingerprint.hex()});
  }
  return records;
}

Training make_training(const LadderConfig& config, const Splits& splits) {
  TrainingConfig training{.seed = config.seed,
                          .views = config.views,
                          .model = config.model,
                          .loss = {.form = "direct"},
                          .train = config.train};
  std::vector<std::int64_t>& looks = training.train.evaluate_at;
  looks.insert(looks.end(), config.steps.begin(), config.steps.end());
  const Content content = config.smoothing > 0 ? Content::kSmoothed : Content::kOneHot;
  return Training(training, splits.train, splits.normalisation,
                  {{content}, splits.train.class_count()});
}

std::unique_ptr<Mapping> make_targets(const LadderConfig& config, const Splits& splits) {
  auto mapping = class_mapping(splits.train.class_count(), config.smoothing);
  if (ViewPolicy::parse(config.views.policy).mixes()) {
    return std::make_unique<MixedMapping>(std::move(mapping));
  }
  return mapping;
}

}  // namespace

fs::path rung_path(const fs::path& folder, const std::string& rung) {
  return folder / (rung + ".safetensors");
}

std::vector<TeacherRecord> train_ladder(const LadderConfig& config, const DataConfig& data,
                                        const Splits& splits, const fs::path& folder,
                                        FitObserver& observer, std::stop_token stop) {
  check(config, splits.train.size());
  claim(folder, ladder_identity(config, identify(splits)));
  if (std::vector<TeacherRecord> finished = read_ladder(folder); !finished.empty()) {
    return finished;
  }
  Training training = make_training(config, splits);
  const std::unique_ptr<Mapping> targets = make_targets(config, splits);
  std::map<std::string, std::string> notes{{kTrainedOnNote, split_text(data)}};
  if (const std::string samples = samples_text(data); !samples.empty()) {
    notes["learnt_from"] = samples;
  }
  RungSaver saver(config, folder, splits.normalisation, std::move(notes), observer);
  const FitResult result =
      fit(training, *targets,
          {.validation = &splits.validation, .checkpoint = checkpoint_path(folder)}, saver, stop);
  if (result.diverged) {
    throw std::runtime_error(
        fmt::format("the teacher diverged: {}; try a smaller teach.train.rate (now {})",
                    result.message, config.train.rate));
  }
  const std::vector<TeacherRecord> records =
      records_of(config, folder, result.state.evaluations, training.model());
  write_ladder(folder, records);
  fs::remove(checkpoint_path(folder));
  return records;
}

void write_ladder(const fs::path& folder, const std::vector<TeacherRecord>& records) {
  write_file_atomically(ladder_path(folder), to_json(records));
}

std::vector<TeacherRecord> read_ladder(const fs::path& folder) {
  const fs::path path = ladder_path(folder);
  return fs::exists(path) ? teachers_from_json(read_file(path), path.string())
                          : std::vector<TeacherRecord>{};
}

}  // namespace tandem
