#include "tandem/core/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "descriptor.h"
#include "tandem/core/system_error.h"
#include "temporary_name.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// Removes what processes that were killed have left of this file. What cannot be listed or removed
/// does no harm and is left to the next time.
void remove_abandoned(const fs::path& target) {
  std::error_code error;
  for (fs::directory_iterator entry(folder_of(target), error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = TemporaryName::parse(entry->path().filename().string());
    if (name && name->target == target.filename() && name->is_abandoned()) {
      std::error_code ignored;
      fs::remove(entry->path(), ignored);
    }
  }
}

/// Temporary file that vanishes unless it is renamed into place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target) {
    path_ = target;
    path_.replace_filename(TemporaryName::make(target.filename().string()));
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
      throw_system_error("cannot create", path_);
    }
  }

  ~TemporaryFile() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
    if (!renamed_) {
      ::unlink(path_.c_str());
    }
  }

  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) {
        continue;
      }
      if (written < 0) {
        throw_system_error("cannot write", path_);
      }
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void rename_to(const fs::path& target) {
    if (::fsync(descriptor_) != 0) {
      throw_system_error("cannot write", path_);
    }
    const int descriptor = std::exchange(descriptor_, -1);
    if (::close(descriptor) != 0) {
      throw_system_error("cannot write", path_);
    }
    if (::rename(path_.c_str(), target.c_str()) != 0) {
      throw_system_error("cannot rename to", target);
    }
    renamed_ = true;
  }

 private:
  fs::path path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

void sync_folder(const fs::path& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0) {
    throw_system_error("cannot open", path);
  }
  // Some file systems cannot sync a folder (EINVAL); the rename is then as durable as they allow.
  if (::fsync(folder.number()) != 0 && errno != EINVAL) {
    throw_system_error("cannot sync", path);
  }
}

}  // namespace

void write_file_atomically(const fs::path& path,
                           const std::function<void(const ByteSink&)>& produce) {
  std::error_code error;
  fs::create_directories(folder_of(path), error);
  if (error) {
    throw_system_error("cannot create folder", folder_of(path), error.value());
  }
  remove_abandoned(path);
  TemporaryFile file(path);
  produce([&](std::span<const std::byte> bytes) { file.write(bytes); });
  file.rename_to(path);
  sync_folder(folder_of(path));
}

void write_file_atomically(const fs::path& path, std::string_view content) {
  write_file_atomically(path,
                        [&](const ByteSink& sink) { sink(std::as_bytes(std::span(content))); });
}

std::string read_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) {
    throw_system_error("cannot open", path);
  }
  // The size is a first guess: pipes and /proc have none, and a file may grow meanwhile.
  std::string content(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)) + 1, '\0');
  std::size_t filled = 0;
  while (true) {
    const ssize_t got = ::read(file.number(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      throw_system_error("cannot read", path);
    }
    if (got == 0) {
      content.resize(filled);
      return content;
    }
    filled += static_cast<std::size_t>(got);
    if (filled == content.size()) {
      content.resize(2 * filled);
    }
  }
}

void remove_temporary_files(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (TemporaryName::parse(entry->path().filename().string())) {
      std::error_code ignored;
      fs::remove(entry->path(), ignored);
    }
  }
}

void rename_durably(const fs::path& from, const fs::path& to) {
  const std::string what = fmt::format("cannot rename {} to", from.string());
  // The system would replace an empty folder without a word.
  if (fs::exists(fs::symlink_status(to))) {
    throw_system_error(what, to, EEXIST);
  }
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw_system_error(what, to);
  }
  sync_folder(folder_of(to));
}

}  // namespace tandem
