#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace tandem {

/// What an archive may unpack to at most; far above any data set here, far below a full disk.
struct UnpackLimits {
  std::int64_t bytes = std::int64_t{4} << 30;
  std::int64_t members = 1'000'000;
};

/// Unpacks a tar (gzipped or not) or zip archive below `folder`, which must exist. Only folders and
/// regular files come out, with plain permissions: a member that is a link or a device, has an
/// absolute name or a name with "..", or would write through a link is refused. Throws
/// std::runtime_error that names the archive and the member for those, for a damaged archive, for
/// one that goes beyond the limits and for a full disk; Interrupted when `stop` was asked for. What
/// was unpacked until then is left to the caller, who gave the folder.
void unpack_archive(const std::filesystem::path& archive, const std::filesystem::path& folder,
                    const UnpackLimits& limits = {}, const std::stop_token& stop = {});

}  // namespace tandem
