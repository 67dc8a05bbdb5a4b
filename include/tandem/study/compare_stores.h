#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tandem/study/plan.h"

namespace tandem {

/// One and the same labelling, in one encoding.
struct EncodedStore {
  std::string encoding;
  std::filesystem::path path;
};

/// The store at `path`, first, and its targets in each of `encodings`, written into `folder` where
/// they are not there yet.
std::vector<EncodedStore> encode_all(const std::filesystem::path& path,
                                     const std::vector<std::string>& encodings,
                                     const std::filesystem::path& folder);

/// A study with one cell for each store, the first as the baseline, and seeds 0..`seeds`-1 at the
/// trial's own learning rate. Where targets are per view, students see the store's views.
StudyPlan plan_store_comparison(const TrialConfig& trial, const std::vector<EncodedStore>& stores,
                                std::int64_t seeds);

}  // namespace tandem
