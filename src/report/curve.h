#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/record/statistics.h"
#include "tandem/record/study_record.h"

namespace tandem {

/// One point of a cell's learning curve, estimated over seeds.
struct CurvePoint {
  std::int64_t step = 0;
  Estimate accuracy;  ///< validation top-1 in percent; chance for trials that diverged before
  Estimate seconds;   ///< training seconds, labelling and the teacher's inference included
};

/// Validation accuracy of `cell` at `rate` over the steps at which its trials were evaluated.
std::vector<CurvePoint> learning_curve(const StudyRecord& study, const std::string& cell,
                                       double rate);

}  // namespace tandem
