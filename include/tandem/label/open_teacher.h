#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/learn/trial_config.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// Names of the teachers in "a+b".
std::vector<std::string> teacher_names(const std::string& teacher);

/// Opens the teacher at `files`, or their ensemble, for the samples of `dataset`, which `data`
/// names. Throws std::runtime_error for a teacher of other images or classes, and for one that has
/// learnt from another split, since it may have seen the student's validation samples.
std::shared_ptr<Teacher> open_teacher(const std::vector<std::filesystem::path>& files,
                                      const std::string& ensemble, const DataConfig& data,
                                      const Dataset& dataset, const std::string& device);

}  // namespace tandem
