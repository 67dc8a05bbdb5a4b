#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "study_mappings.h"
#include "tandem/jobs/worker_pool.h"
#include "tandem/study/job.h"
#include "tandem/study/plan.h"

namespace tandem {

/// Jobs of one kind, which may run side by side.
struct Stage {
  std::string name;
  std::vector<PooledJob> jobs;
  std::size_t skipped = 0;  ///< that are done already

  void add(bool done, const Job& job, std::string title, double cost = 1);
};

/// Makes the jobs of a study, each complete in itself, as far as they are not done.
class StudyJobs {
 public:
  /// All of them must outlive it.
  StudyJobs(const StudyPlan& plan, const StudyFolder& folder, DataCache& data, std::string command);

  Stage teach();

  // From here on the plan's trials must have their ids. What cannot be begun, since a teacher or
  // targets are not there, is left out.
  Stage label();
  Stage train();
  Stage test();

  /// Whether the targets that it learns from stand ready, as far as they are stored.
  bool has_targets(const PlannedTrial& trial);

  /// Where the mappings of `trial` find their teachers and labelled stores. (A store is named by
  /// what decides its content.)
  TrialSources sources(const TrialConfig& trial);

  const std::filesystem::path& ladder() const { return ladder_; }

 private:
  std::filesystem::path labelled_store(const MappingSpec& mapping, const TrialConfig& trial);
  LabelConfig labelling(const MappingSpec& mapping, const TrialConfig& trial) const;
  void add_teacher(const TeacherRef& teacher, Job& job) const;

  const StudyPlan& plan_;
  const StudyFolder& folder_;
  DataCache& data_;
  std::string command_;
  std::filesystem::path ladder_;
  std::map<std::string, std::filesystem::path> stores_;  ///< by the labelling's resolved config
};

}  // namespace tandem
