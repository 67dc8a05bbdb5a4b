#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tandem/target/target_store.h"

namespace tandem {

/// What must hold before a student learns from a store.
struct StoreUse {
  const Dataset* dataset = nullptr;  ///< the student's training samples
  std::string views;                 ///< policy under which the teacher should have seen them;
                                     ///< empty: any
  Fingerprint views_fingerprint;     ///< of that policy
  std::optional<std::uint64_t> view_seed;          ///< of the student's views
  std::optional<Fingerprint> teacher_fingerprint;  ///< where the config names a teacher too
};

/// Throws std::runtime_error that says in words what the store holds and what the student needs,
/// where they do not belong together: other samples, another teacher, and for targets per view
/// another view policy or other view seeds.
void check_use(const TargetStore& store, const std::string& path, const StoreUse& use);

}  // namespace tandem
