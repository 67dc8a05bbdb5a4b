#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

#include "tandem/core/progress.h"

namespace tandem {

struct DownloadOptions {
  std::stop_token stop;
  OnProgress on_progress;  ///< in bytes, of the file that `url` names
  int connect_timeout_s = 20;
  int stall_timeout_s = 30;                         ///< with less than a kilobyte a second
  std::int64_t most_bytes = std::int64_t{4} << 30;  ///< a longer download is refused
};

/// Whether this build can download at all.
bool can_download();

/// Downloads `url` (http or https; up to five redirects, never from https to http) to `path`. Bytes
/// go to `<path>.part` as they come; one that is there already is continued where the server can,
/// and begun anew where it cannot. Throws std::runtime_error that names the URL and the reason,
/// also for a download that is too long or for which the disk has no room (see DiskBudget), whether
/// the server said how long it is or not; Interrupted when `stop` was asked for. The part stays
/// then, but for one that is too long, which is no part of what was wanted.
void download_file(const std::string& url, const std::filesystem::path& path,
                   const DownloadOptions& options);

}  // namespace tandem
