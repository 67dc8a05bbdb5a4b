#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "tandem/core/fingerprint.h"
#include "tandem/learn/trial_config.h"
#include "tandem/sample/splits.h"
#include "tandem/target/make_mapping.h"
#include "tandem/target/target_store.h"

namespace tandem {

/// `config` with everything that the store it names says: granularity, content, fusion and
/// temperature. Unchanged where it names none. Throws std::invalid_argument for a key that says
/// something else than the store, and what TargetStore throws.
TargetConfig take_from_store(TargetConfig config);

/// Opens the store at `path` for a trial (resolved) on `splits` that learns under `mapping`, and
/// checks that it belongs to them: samples, teacher (where `teacher` is given), views, and, for
/// targets per view, that it holds every visit of the trial's budget. Throws std::runtime_error in
/// words.
std::shared_ptr<const TargetStore> open_student_store(const std::filesystem::path& path,
                                                      const MappingSpec& mapping,
                                                      const TrialConfig& trial,
                                                      const Splits& splits,
                                                      const std::optional<Fingerprint>& teacher);

/// The same for make_mapping: the rows of that store, and which of them a view finds.
StoredTargets open_targets(const std::filesystem::path& path, const MappingSpec& mapping,
                           const TrialConfig& trial, const Splits& splits,
                           const std::optional<Fingerprint>& teacher);

/// What a trial learns from and how it is seen, as make_mapping wants it.
MappedSamples mapped_samples(const TrialConfig& trial, const Splits& splits);

}  // namespace tandem
