#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "tandem/sample/splits.h"
#include "tandem/study/identity.h"
#include "tandem/target/projection.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// Data sets and teachers that one process has loaded, each once. References stay good.
class DataCache {
 public:
  /// What a DataConfig is divided into. Throws what load_splits throws.
  const Splits& splits(const DataConfig& config);

  /// Its test split.
  const Dataset& test(const DataConfig& config);

  /// All three parts.
  DataIdentity identity(const DataConfig& config);

  /// The teacher whose files `teacher` names, for the samples of `data`. Throws what open_teacher
  /// throws.
  std::shared_ptr<Teacher> teacher(const TeacherRef& teacher, const DataConfig& data,
                                   const std::string& device);

  /// What its features are reduced to where it answers online, and what finding that took.
  struct Reduction {
    Projection projection;
    double teacher_s = 0;
  };

  /// See fit_projection; of the training part of `data`.
  const Reduction& reduction(const TeacherRef& teacher, const DataConfig& data,
                             const std::string& device, std::int64_t components);

  /// Its accuracy on canonical views of the validation split.
  double teacher_top1_pct(const TeacherRef& teacher, const DataConfig& data,
                          const std::string& device);

 private:
  /// The whole training split, of which every DataConfig makes its own parts.
  const Dataset& whole(const DataConfig& config);

  std::map<std::string, Dataset> wholes_;
  std::map<std::string, Splits> splits_;
  std::map<std::string, Dataset> tests_;
  std::map<std::pair<TeacherRef, std::string>, std::shared_ptr<Teacher>> teachers_;
  std::map<TeacherRef, double> teachers_top1_pct_;
  std::map<std::tuple<TeacherRef, std::string, std::string, std::int64_t>, Reduction> reductions_;
};

}  // namespace tandem
