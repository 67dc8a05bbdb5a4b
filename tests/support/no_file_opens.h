#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tandem {

/// While it lives, this process can open no file: too many are open (EMFILE).
class NoFileOpens {
 public:
  NoFileOpens() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = ::open("/", O_RDONLY | O_CLOEXEC);
    ::close(lowest_free);
    const rlimit none{.rlim_cur = static_cast<rlim_t>(lowest_free), .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoFileOpens() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoFileOpens(const NoFileOpens&) = delete;
  NoFileOpens& operator=(const NoFileOpens&) = delete;

 private:
  rlimit before_{};
};

}  // namespace tandem
