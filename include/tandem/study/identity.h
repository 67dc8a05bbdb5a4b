#pragma once

#include <map>
#include <string>
#include <vector>

#include "tandem/learn/trial_config.h"
#include "tandem/sample/splits.h"
#include "tandem/study/ladder_config.h"

namespace tandem {

// A result is identified by what decides it: the values of the keys that do, and the content
// (fingerprints) of its data, teachers and stores. Never by a path, a name, a device, a number of
// threads or of workers. The identities are fixed: a key that is added later is left out of them
// where it has the value that gives the old behaviour (see kAddedLater in identity.cpp), so that
// results stay known.

/// The parts of a data set, by content, as 32 hexadecimal digits each.
struct DataIdentity {
  std::string train;
  std::string validation;
  std::string test;  ///< empty where it decides nothing

  friend bool operator==(const DataIdentity&, const DataIdentity&) = default;
};

/// Of the parts that are learnt from and chosen by.
DataIdentity identify(const Splits& splits);

/// Content behind the names that a mapping uses.
struct SourceIdentity {
  std::map<TeacherRef, std::string> teachers;  ///< fingerprints of what answers
  std::map<std::string, std::string> stores;   ///< by path
};

/// Names a trial: 16 hexadecimal digits of a hash of all that decides what it measures. `config` is
/// resolved, with its budget in steps; `steps` is that budget.
std::string trial_identity(const TrialConfig& config, const DataIdentity& data,
                           const SourceIdentity& sources, std::int64_t steps);

/// The same for a ladder of teachers, trained for `steps` steps. The names of its rungs are part of
/// it, since its files have them.
std::string ladder_identity(const LadderConfig& config, const DataIdentity& data,
                            std::int64_t steps);

}  // namespace tandem
