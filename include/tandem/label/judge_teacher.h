#pragma once

#include <string>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// What is to be known of a teacher before anything learns from it: how often its answers are the
/// classes of (at most a thousand) validation samples, and doubts: whether it is no better than
/// chance, as one is that numbers the classes otherwise, and whether nothing says which samples it
/// has learnt from; and Teacher::remark. Sentences for people, each with the teacher's `name`.
/// Throws std::runtime_error for answers that are probabilities where logits are expected: a
/// softmax of them would make nearly equal targets.
std::vector<std::string> judge_teacher(Teacher& teacher, const std::string& name,
                                       const Dataset& validation);

}  // namespace tandem
