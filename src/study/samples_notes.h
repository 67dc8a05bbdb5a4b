#pragma once

#include <map>
#include <string>

#include "tandem/record/evaluation.h"
#include "tandem/sample/data_config.h"

namespace tandem {

/// Notes of a model's file for those who take it as a teacher: which validation split its training
/// held out, and what of the rest it has learnt from where that is not simply all of it.
std::map<std::string, std::string> notes_on_samples(const DataConfig& data);

/// Adds when the model was saved, and how good it was on the validation split.
void note_look(std::map<std::string, std::string>& notes, const Evaluation& look);

}  // namespace tandem
