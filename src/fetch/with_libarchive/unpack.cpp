#include "unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "disk_budget.h"
#include "tandem/core/deflate_bound.h"
#include "tandem/core/interrupted.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kBlockBytes = 1 << 16;
constexpr int kSecureFlags = ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_SYMLINKS |
                             ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS;

/// Runs `work` in a thread whose working folder is `folder`, which is a matter of the whole process
/// otherwise: libarchive's guards want names that are relative to where they are unpacked.
void run_in_folder(const fs::path& folder, const std::function<void()>& work) {
  std::exception_ptr failure;
  std::thread([&] {
    try {
      if (::unshare(CLONE_FS) != 0 || ::chdir(folder.c_str()) != 0) {
        throw std::runtime_error(
            fmt::format("cannot work in {}: {}", folder.string(), std::strerror(errno)));
      }
      work();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) {
    std::rethrow_exception(failure);
  }
}

class Unpacking {
 public:
  Unpacking(const fs::path& archive, const UnpackLimits& limits, const std::stop_token& stop)
      : path_(archive),
        limits_({.bytes = std::min(limits.bytes, most_in(archive)), .members = limits.members}),
        stop_(stop),
        reader_(archive_read_new(), archive_read_free),
        writer_(archive_write_disk_new(), archive_write_free) {
    archive_read_support_filter_gzip(reader_.get());
    archive_read_support_format_tar(reader_.get());
    archive_read_support_format_zip(reader_.get());
    archive_write_disk_set_options(writer_.get(), kSecureFlags);
    if (archive_read_open_filename(reader_.get(), path_.c_str(), kBlockBytes) != ARCHIVE_OK) {
      throw std::runtime_error(fmt::format("{}: expected a tar or zip archive, found: {}",
                                           path_.string(), reason(reader_.get())));
    }
  }

  void run() {
    archive_entry* entry = nullptr;
    for (std::int64_t member = 1; next(&entry); ++member) {
      check(entry, member);
      must_succeed(archive_write_header(writer_.get(), entry), writer_.get(), entry);
      if (archive_entry_filetype(entry) == AE_IFREG) {
        copy_data(entry);
      }
      must_succeed(archive_write_finish_entry(writer_.get()), writer_.get(), entry);
    }
  }

 private:
  using Archive = std::unique_ptr<archive, int (*)(archive*)>;

  /// What its members can be together, packed as gzip and zip do it.
  static std::int64_t most_in(const fs::path& archive) {
    return static_cast<std::int64_t>(fs::file_size(archive)) * kMostDeflated;
  }

  static std::string reason(archive* of) {
    const char* text = archive_error_string(of);
    return text != nullptr ? text : "an error without a reason";
  }

  [[noreturn]] void refuse(archive_entry* entry, const std::string& why) const {
    const char* name = archive_entry_pathname(entry);
    throw std::runtime_error(
        fmt::format("{}, member '{}': {}", path_.string(), name != nullptr ? name : "", why));
  }

  /// A warning is an error here: each tells of something that was not done.
  void must_succeed(int result, archive* of, archive_entry* entry) const {
    if (result != ARCHIVE_OK) {
      refuse(entry, reason(of));
    }
  }

  bool next(archive_entry** entry) {
    const int result = archive_read_next_header(reader_.get(), entry);
    if (result == ARCHIVE_EOF) {
      return false;
    }
    if (result != ARCHIVE_OK) {
      throw std::runtime_error(fmt::format("{}: expected a whole tar or zip archive, found: {}",
                                           path_.string(), reason(reader_.get())));
    }
    return true;
  }

  void check(archive_entry* entry, std::int64_t member) {
    const auto type = archive_entry_filetype(entry);
    if ((type != AE_IFREG && type != AE_IFDIR) || archive_entry_hardlink(entry) != nullptr) {
      refuse(entry, "expected a file or a folder, found a link or a device");
    }
    if (member > limits_.members) {
      refuse(entry, fmt::format("expected at most {} members", limits_.members));
    }
    claimed_ += std::max<std::int64_t>(archive_entry_size(entry), 0);
    refuse_beyond(claimed_, entry);
    archive_entry_set_perm(entry, type == AE_IFDIR ? 0755 : 0644);
  }

  /// Sizes that a header states count as well, since a file is made as long as that.
  void refuse_beyond(std::int64_t bytes, archive_entry* entry) const {
    if (bytes > limits_.bytes) {
      refuse(entry,
             fmt::format("expected an archive of at most {} bytes, found more", limits_.bytes));
    }
  }

  void copy_data(archive_entry* entry) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (true) {
      if (stop_.stop_requested()) {
        throw Interrupted();
      }
      const int result = archive_read_data_block(reader_.get(), &data, &size, &offset);
      if (result == ARCHIVE_EOF) {
        return;
      }
      must_succeed(result, reader_.get(), entry);
      bytes_ += static_cast<std::int64_t>(size);
      refuse_beyond(bytes_, entry);
      if (!budget_.take(static_cast<std::int64_t>(size))) {
        throw std::system_error(ENOSPC, std::generic_category(),
                                fmt::format("{}: {}", path_.string(), budget_.why_not()));
      }
      if (archive_write_data_block(writer_.get(), data, size, offset) != ARCHIVE_OK) {
        refuse(entry, reason(writer_.get()));
      }
    }
  }

  const fs::path path_;
  const UnpackLimits limits_;
  const std::stop_token stop_;
  Archive reader_;
  Archive writer_;
  DiskBudget budget_{"."};
  std::int64_t claimed_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace

void unpack_archive(const fs::path& archive, const fs::path& folder, const UnpackLimits& limits,
                    const std::stop_token& stop) {
  const fs::path path = fs::absolute(archive);
  run_in_folder(folder, [&] { Unpacking(path, limits, stop).run(); });
}

}  // namespace tandem
