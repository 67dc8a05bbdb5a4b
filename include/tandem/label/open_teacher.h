#pragma once

#include <torch/types.h>

#include <memory>
#include <string>

#include "tandem/dataset/dataset.h"
#include "tandem/sample/data_config.h"
#include "tandem/target/teacher.h"
#include "tandem/target/teacher_ref.h"

namespace tandem {

/// Opens the teacher whose files `teacher` names, or their ensemble, for the samples of `dataset`,
/// which `data` names. Throws std::runtime_error for a teacher of other images or classes, and for
/// one that has learnt from another split, since it may have seen the student's validation samples.
std::shared_ptr<Teacher> open_teacher(const TeacherRef& teacher, const DataConfig& data,
                                      const Dataset& dataset, torch::Device device);

}  // namespace tandem
