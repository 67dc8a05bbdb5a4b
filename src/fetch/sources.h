#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tandem/fetch/fetch.h"

namespace tandem {

/// A place that a data set's files can come from.
struct Source {
  std::string name;
  /// Puts the original files into `staging`, an empty folder; may keep what a later try can go on
  /// with in `work`. Throws std::runtime_error where the source does not serve.
  std::function<void(const std::filesystem::path& work, const std::filesystem::path& staging)> get;
};

/// Says what is being done where it cannot be counted.
void tell(const FetchOptions& options, std::string what);

/// The sources of a data set in the order in which they are tried.
std::vector<Source> sources_of(const DatasetInfo& info, const FetchOptions& options);

}  // namespace tandem
