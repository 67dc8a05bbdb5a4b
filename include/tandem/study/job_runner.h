#pragma once

#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "tandem/study/job.h"
#include "tandem/study/study_folder.h"
#include "tandem/study/trial.h"
#include "tandem/target/target_store.h"

namespace tandem {

/// Does a study's jobs one after the other in this process and keeps data sets and teachers in
/// memory between them.
class JobRunner {
 public:
  /// `command` is what the user typed, for the records.
  JobRunner(StudyPlan plan, StudyFolder folder, std::string command);

  /// Returns at once where the job's result is there already. `observer` is told of steps (of
  /// samples, when labelling) and evaluations. Throws Interrupted on `stop`.
  void run(const Job& job, FitObserver& observer, std::stop_token stop);

  /// The mapping that a trial of one mapping (see phases()) asks for: a store where it names one or
  /// where targets are shared by views (which must have been labelled), a teacher online where each
  /// view has its own.
  ReadyMapping mapping(const PlannedTrial& planned);

  /// All mappings of a trial, and what they wait for.
  ReadySchedule schedule(const PlannedTrial& planned);

  const Splits& splits(const DataConfig& config);

 private:
  ReadyMapping mapping_of_samples(const PlannedTrial& planned);
  void teach(FitObserver& observer, std::stop_token stop);
  void label(const PlannedTrial& planned, FitObserver& observer, std::stop_token stop);
  void trial(const PlannedTrial& planned, FitObserver& observer, std::stop_token stop);
  std::shared_ptr<Teacher> teacher(const TrialConfig& config);
  std::shared_ptr<const TargetStore> store(const std::filesystem::path& path,
                                           const TrialConfig& config);

  /// Accuracy of the teacher of `config` on canonical views of the validation split.
  double teacher_top1_pct(const TrialConfig& config);
  const Dataset& test_split(const DataConfig& config);

  StudyPlan plan_;
  StudyFolder folder_;
  std::string command_;
  std::map<std::string, Splits> splits_;
  std::map<std::string, Dataset> test_splits_;
  std::map<std::string, std::shared_ptr<Teacher>> teachers_;
  std::map<std::string, double> teachers_top1_pct_;
};

}  // namespace tandem
