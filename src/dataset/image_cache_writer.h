#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "image_cache_file.h"
#include "tandem/core/lease.h"

namespace tandem {

/// Makes a cache file. Holds it for this process.
class CacheFileWriter {
 public:
  /// Null where another process makes the same file just now. Goes on with what an earlier one
  /// left. Throws std::runtime_error where there is no room.
  static std::unique_ptr<CacheFileWriter> start(const std::filesystem::path& path,
                                                std::int64_t count, std::int64_t side);
  ~CacheFileWriter();
  CacheFileWriter(const CacheFileWriter&) = delete;
  CacheFileWriter& operator=(const CacheFileWriter&) = delete;

  std::int64_t image_bytes() const;

  /// Whether an earlier process wrote the row.
  bool has(std::int64_t row) const { return done_[static_cast<std::size_t>(row)] != 0; }

  /// Writes the pixels of a row; for any thread. Throws std::runtime_error for a full disk.
  void write(std::int64_t row, const std::uint8_t* pixels);

  /// Removes what was begun; nothing can be written any more.
  void discard() { useless_ = true; }

  /// Writes the rest and puts the file into its place.
  void finish(const CacheContent& content);

 private:
  CacheFileWriter(std::filesystem::path path, std::unique_ptr<Lease> lease, int descriptor,
                  std::int64_t count, std::int64_t side);

  void take_over_rows();
  void note(std::int64_t row, const std::uint8_t* pixels);
  void put(const void* bytes, std::uint64_t count, std::uint64_t place);

  std::unique_ptr<Lease> lease_;
  std::filesystem::path path_;
  std::filesystem::path partial_;
  int descriptor_;
  std::int64_t count_;
  std::int64_t side_;
  std::atomic<bool> useless_{false};  ///< nothing more can be written
  std::vector<std::uint8_t> done_;
  std::vector<std::int64_t> fingerprints_;
  std::vector<std::int64_t> sums_;
};

}  // namespace tandem
