#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/learn/fit.h"
#include "tandem/record/study_record.h"
#include "tandem/sample/splits.h"
#include "tandem/study/ladder_config.h"

namespace tandem {

/// Where a rung's checkpoint stands in the ladder's folder.
std::filesystem::path rung_path(const std::filesystem::path& folder, const std::string& rung);

/// Trains the ladder on `splits`, which are those of `data`, into `folder`: one checkpoint per rung
/// and ladder.json with their records, which comes last and marks the ladder as done. A finished
/// ladder is read, an interrupted one goes on. Throws std::invalid_argument where the folder holds
/// a ladder of another identity, and std::runtime_error where the training diverges.
std::vector<TeacherRecord> train_ladder(const LadderConfig& config, const DataConfig& data,
                                        const Splits& splits, const std::filesystem::path& folder,
                                        FitObserver& observer, std::stop_token stop = {});

/// Whether the ladder in a folder says what decided it: one of an older version does not.
bool says_its_identity(const std::filesystem::path& ladder);

/// Writes the records of a finished ladder.
void write_ladder(const std::filesystem::path& folder, const std::vector<TeacherRecord>& records);

/// What is left to do once a ladder has its records: its checkpoint goes, its checksums come. Does
/// it for one whose run ended just before that.
void finish_ladder(const std::filesystem::path& folder);

/// Records of a finished ladder; empty if it is not finished. Throws std::runtime_error where the
/// folder's checksums are of other files, or a rung is not the one that was saved.
std::vector<TeacherRecord> read_ladder(const std::filesystem::path& folder);

}  // namespace tandem
