#pragma once

#include <unistd.h>

#include <stdexcept>

namespace tandem {

/// While it lives, permissions hold for this process also where it runs as root.
class WithoutPrivileges {
 public:
  WithoutPrivileges() : before_(::geteuid()) {
    if (before_ == 0 && ::seteuid(kNobody) != 0) {
      throw std::runtime_error("cannot give up the privileges of root");
    }
  }
  ~WithoutPrivileges() {
    if (before_ == 0 && ::seteuid(before_) != 0) {
      ::_exit(1);  // no other test may run like this
    }
  }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;
  uid_t before_;
};

}  // namespace tandem
