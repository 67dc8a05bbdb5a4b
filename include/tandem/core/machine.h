#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace tandem {

// What a process may use of its machine, which is less than the machine has where it runs in a
// container, under a batch system or under taskset.

/// Processors: those of its affinity mask, no more than the quota of its control groups (`cpu.max`
/// or `cpu.cfs_quota_us`, rounded up) is worth. At least 1. Files are read below `root`.
std::size_t usable_processors(const std::filesystem::path& root = "/");

/// Bytes of memory: the machine's, or the lowest limit of its control groups.
std::int64_t usable_memory(const std::filesystem::path& root = "/");

/// Worker processes that the machine has room for: one per processor, while each finds
/// kWorkerMemory.
std::size_t default_workers(const std::filesystem::path& root = "/");

/// Throws std::runtime_error where a limit of the address space (`ulimit -v`) leaves this process
/// less than kLeastRoom: OpenBLAS tries for ever to get a buffer that the system does not give.
void check_address_space();

inline constexpr std::int64_t kLeastRoom = std::int64_t{512} << 20;  ///< bytes

/// Refuses numbers of threads that no machine runs side by side; starting them would end in a crash
/// or in waiting. Throws std::invalid_argument that names `key`.
void check_threads(std::int64_t threads, std::string_view key);

inline constexpr std::int64_t kMostThreads = 1024;

/// What a worker of a small study takes, LibTorch and its data included, in bytes.
inline constexpr std::int64_t kWorkerMemory = std::int64_t{1} << 30;

}  // namespace tandem
