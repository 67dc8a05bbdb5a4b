#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace tandem {

/// Lets npm (found on PATH) put a package's archive into `folder`, which is made; returns its path.
/// npm knows the registry, mirrors and proxies of this machine. Throws std::runtime_error with
/// npm's own words if it fails, Interrupted when `stop` was asked for. `waiting` is called all the
/// while.
std::filesystem::path npm_pack(const std::string& package, const std::filesystem::path& folder,
                               const std::function<void()>& waiting, const std::stop_token& stop);

}  // namespace tandem
