#include "tandem/study/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

#include "samples_notes.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_checksums.h"
#include "tandem/model/model_text.h"
#include "tandem/model/weights.h"
#include "tandem/record/selection.h"
#include "tandem/study/identity.h"
#include "tandem/target/make_mapping.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

fs::path ladder_path(const fs::path& folder) {
  return folder / "ladder.json";
}

fs::path checkpoint_path(const fs::path& folder) {
  return rung_path(folder, "checkpoint");
}

fs::path identity_path(const fs::path& folder) {
  return folder / "identity.txt";
}

/// A folder's ladder is of one config and one content of data, finished or not.
void claim(const fs::path& folder, const std::string& identity) {
  const bool begun = fs::exists(ladder_path(folder)) || fs::exists(checkpoint_path(folder));
  if (!fs::exists(identity_path(folder))) {
    if (begun) {
      throw std::invalid_argument(fmt::format(
          "{} holds a ladder of an older version, which does not say what decided it; choose "
          "another --out",
          folder.string()));
    }
    write_file_atomically(identity_path(folder), identity + "\n");
  } else if (read_file(identity_path(folder)) != identity + "\n") {
    throw std::invalid_argument(
        fmt::format("{} holds a ladder of another config, or of other data; choose another --out",
                    folder.string()));
  }
}

/// What a record says of a rung holds for the file that it was made of: of ladders without
/// checksums, which say more. (Records of version 1 name no content.)
void check_rung(const fs::path& path, const TeacherRecord& record) {
  if (record.fingerprint.empty()) {
    return;
  }
  if (const std::string found = load_model(path).fingerprint.hex(); found != record.fingerprint) {
    throw std::runtime_error(fmt::format(
        "{} is not the checkpoint that was saved there: expected fingerprint {}, found {}; bring "
        "it back, or choose another --out",
        path.string(), record.fingerprint, found));
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

  void on_step(const Progress& progress) override { next_.on_step(progress); }

  void on_evaluation(const Evaluation& evaluation, Model& model) override {
    for (std::size_t k = 0; k < config_.rungs.size(); ++k) {
      if (config_.steps[k] == evaluation.step) {
        note_look(notes_, evaluation);
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
    const Evaluation& look = *evaluation_at(evaluations, config.steps[k]);  // a rung's is made
    records.push_back(
        {.name = config.rungs[k],
         .step = config.steps[k],
         .train_s = look.train_s,
         .validation_top1_pct = look.validation_top1_pct,
         .model = describe(model),
         .fingerprint = load_model(rung_path(folder, config.rungs[k])).fingerprint.hex()});
  }
  return records;
}

/// What a ladder learns from: its classes' own targets.
MappingSpec targets_of(const LadderConfig& config) {
  return {.content = config.smoothing > 0 ? Content::kSmoothed : Content::kOneHot,
          .smoothing = config.smoothing};
}

Training make_training(const LadderConfig& config, const Splits& splits) {
  TrainingSetup training{.seed = config.seed,
                         .views = config.views,
                         .model = config.model,
                         .loss = {.form = "direct"},
                         .train = config.train};
  std::vector<std::int64_t>& looks = training.train.evaluate_at;
  looks.insert(looks.end(), config.steps.begin(), config.steps.end());
  return Training(training, splits.train, splits.normalisation,
                  {{targets_of(config).content}, splits.train.class_count()});
}

}  // namespace

fs::path rung_path(const fs::path& folder, const std::string& rung) {
  return folder / (rung + ".safetensors");
}

std::vector<TeacherRecord> train_ladder(const LadderConfig& config, const DataConfig& data,
                                        const Splits& splits, const fs::path& folder,
                                        FitObserver& observer, std::stop_token stop) {
  check(config, splits.train.size());
  claim(folder,
        ladder_identity(config, identify(splits), total_steps(config.train, splits.train.size())));
  if (std::vector<TeacherRecord> finished = read_ladder(folder); !finished.empty()) {
    finish_ladder(folder);
    return finished;
  }
  Training training = make_training(config, splits);
  const std::unique_ptr<Mapping> targets =
      make_mapping(targets_of(config),
                   {.dataset = splits.train, .views = ViewPolicy::parse(config.views.policy)}, {});
  RungSaver saver(config, folder, splits.normalisation, notes_on_samples(data), observer);
  const FitResult result =
      fit(training, *targets,
          {.validation = &splits.validation, .checkpoint = checkpoint_path(folder)}, saver, stop);
  if (result.diverged) {
    throw std::runtime_error(
        fmt::format("the teacher diverged: {}; try a smaller train.rate of it (now {})",
                    result.message, config.train.rate));
  }
  const std::vector<TeacherRecord> records =
      records_of(config, folder, result.state.evaluations, training.model());
  write_ladder(folder, records);
  finish_ladder(folder);
  return records;
}

void finish_ladder(const fs::path& folder) {
  fs::remove(checkpoint_path(folder));
  if (!has_checksums(folder)) {
    write_checksums(folder);
  }
}

bool says_its_identity(const fs::path& ladder) {
  return fs::exists(identity_path(ladder));
}

void write_ladder(const fs::path& folder, const std::vector<TeacherRecord>& records) {
  write_file_atomically(ladder_path(folder), to_json(records));
}

std::vector<TeacherRecord> read_ladder(const fs::path& folder) {
  const fs::path path = ladder_path(folder);
  check_files(folder, "delete the folder, and its teachers are trained anew");
  if (!fs::exists(path)) {
    return {};
  }
  std::vector<TeacherRecord> records = teachers_from_json(read_file(path), path.string());
  if (!has_checksums(folder)) {
    for (const TeacherRecord& record : records) {
      check_rung(rung_path(folder, record.name), record);
    }
  }
  return records;
}

}  // namespace tandem
