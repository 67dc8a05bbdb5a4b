#include "tandem/core/lease.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "process_place.h"
#include "tandem/core/system_error.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::milliseconds kLookEvery{100};
constexpr int kMostTries = 20;

/// What the file of a lease says, a line each.
struct Claim {
  std::string token;    ///< of this one claim
  std::string place;    ///< where its address is known; empty: nowhere
  std::string holder;   ///< for people
  std::string renewed;  ///< changes with every renewal
};

/// Nothing where there is no file, blank where it is not written yet.
std::optional<Claim> read_claim(const fs::path& path) {
  std::ifstream file(path);
  if (!file) {
    return std::nullopt;
  }
  Claim claim;
  std::getline(file, claim.token);
  std::getline(file, claim.place);
  std::getline(file, claim.holder);
  std::getline(file, claim.renewed);
  return claim;
}

std::string text_of(const Claim& claim) {
  return fmt::format("{}\n{}\n{}\n{}\n", claim.token, claim.place, claim.holder, claim.renewed);
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string random_token() {
  std::random_device source;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", source(), source(), source(), source());
}

/// A Unix datagram socket whose name is in the abstract namespace (see unix(7)): the kernel forgets
/// the name when the last process that has the socket ends.
class Address {
 public:
  explicit Address(const std::string& token) {
    const sockaddr_un name = name_of(token);
    // Not close-on-exec: children hold the lease too.
    descriptor_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    if (descriptor_ >= 0 &&
        ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
      ::close(std::exchange(descriptor_, -1));
    }
  }
  ~Address() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  Address(const Address&) = delete;
  Address& operator=(const Address&) = delete;

  bool is_known() const { return descriptor_ >= 0; }

  static bool answers(const std::string& token) {
    const sockaddr_un name = name_of(token);
    const int probe = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool refused =
        probe >= 0 &&
        ::connect(probe, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 &&
        errno == ECONNREFUSED;
    if (probe >= 0) {
      ::close(probe);
    }
    return !refused;
  }

 private:
  static sockaddr_un name_of(const std::string& token) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::string text = "tandem-lease-" + token;
    std::copy_n(text.data(), std::min(text.size(), sizeof name.sun_path - 1), name.sun_path + 1);
    return name;
  }

  int descriptor_ = -1;
};

/// Whether whoever made `claim` holds it still. Waits where only its renewal can tell.
bool is_held(const fs::path& path, const Claim& claim, const LeaseTimes& times) {
  const bool is_near = !claim.place.empty() && claim.place == process_place("net");
  const auto limit = std::chrono::steady_clock::now() +
                     (is_near || claim.token.empty() ? times.ending : times.patience);
  while (true) {
    if (is_near && !Address::answers(claim.token)) {
      return false;
    }
    if (std::chrono::steady_clock::now() >= limit) {
      return is_near;
    }
    std::this_thread::sleep_for(kLookEvery);
    const std::optional<Claim> now = read_claim(path);
    if (!now || now->token != claim.token) {
      return false;  // another one by now: to be looked at anew
    }
    if (!is_near && now->renewed != claim.renewed) {
      return true;
    }
  }
}

/// Whether the file did not exist and now says `text`.
bool create(const fs::path& path, const std::string& text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0 && errno == EEXIST) {
    return false;
  }
  std::string_view left = descriptor < 0 ? std::string_view() : std::string_view(text);
  ssize_t count = 0;
  while (!left.empty() && (count >= 0 || errno == EINTR)) {
    count = ::write(descriptor, left.data(), left.size());
    left.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  const bool written = descriptor >= 0 && left.empty() && ::fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  if (!written) {
    if (descriptor >= 0) {
      ::unlink(path.c_str());
    }
    throw_system_error("cannot write", path, reason);
  }
  return true;
}

class HeldLease : public Lease {
 public:
  HeldLease(fs::path path, std::function<void()> on_lost, const LeaseTimes& times)
      : path_(std::move(path)),
        times_(times),
        on_lost_(std::move(on_lost)),
        claim_{.token = random_token(),
               .place = {},
               .holder = fmt::format("process {} of machine {}", ::getpid(), host_name()),
               .renewed = renewal_text(0)},
        address_(claim_.token) {
    claim_.place = address_.is_known() ? process_place("net") : "";
  }

  ~HeldLease() override {
    if (renewal_.joinable()) {
      renewal_.request_stop();
      renewal_.join();
    }
    if (is_mine()) {
      ::unlink(path_.c_str());
    }
  }

  bool acquire() {
    for (int tries = 0; tries < kMostTries; ++tries) {
      // Looked at again, since whoever found it blank for too long may have put a claim there.
      if (create(path_, text_of(claim_)) && write_renewal(claim_.renewed)) {
        return begin();
      }
      const std::optional<Claim> other = read_claim(path_);
      if (other && is_held(path_, *other, times_)) {
        return false;
      }
      if (other && replace(other->token)) {
        return begin();
      }
    }
    return false;
  }

 private:
  /// All renewals are of one length, so that a reader never sees half a line more.
  static std::string renewal_text(std::uint64_t count) { return fmt::format("{:020}", count); }

  bool is_mine() const {
    const std::optional<Claim> there = read_claim(path_);
    return there && there->token == claim_.token;
  }

  /// Puts this claim in place of one whose holder is gone. Only one process at a time can: the one
  /// that has made the file beside it.
  bool replace(const std::string& token) {
    const fs::path beside = path_.string() + ".next";
    if (!create(beside, text_of(claim_))) {
      const std::optional<Claim> other = read_claim(beside);
      if (other && !is_held(beside, *other, times_)) {
        ::unlink(beside.c_str());
      }
      return false;
    }
    const std::optional<Claim> there = read_claim(path_);
    if (!there || there->token != token) {
      ::unlink(beside.c_str());
      return false;
    }
    return ::rename(beside.c_str(), path_.c_str()) == 0 && is_mine();
  }

  bool begin() {
    renewal_ = std::jthread([this](const std::stop_token& stop) { renew(stop); });
    return true;
  }

  void renew(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    for (std::uint64_t count = 1;; ++count) {
      std::unique_lock lock(mutex);
      wake.wait_for(lock, stop, times_.renewal, [] { return false; });
      if (stop.stop_requested()) {
        return;
      }
      if (!write_renewal(renewal_text(count))) {
        if (on_lost_) {
          on_lost_();
        }
        return;
      }
    }
  }

  /// In place, so that nothing of another claim is written over. False where the file is another's;
  /// what cannot be read or written now may be the next time.
  bool write_renewal(const std::string& renewed) const {
    const int descriptor = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
      return true;
    }
    std::string token(claim_.token.size(), '\0');
    const bool read =
        ::pread(descriptor, token.data(), token.size(), 0) == static_cast<ssize_t>(token.size());
    const bool mine = !read || token == claim_.token;
    if (read && mine) {
      const auto place = static_cast<off_t>(text_of(claim_).size() - renewed.size() - 1);
      [[maybe_unused]] const ssize_t written =
          ::pwrite(descriptor, renewed.data(), renewed.size(), place);
    }
    ::close(descriptor);
    return mine;
  }

  const fs::path path_;
  const LeaseTimes times_;
  const std::function<void()> on_lost_;
  Claim claim_;
  Address address_;
  std::jthread renewal_;
};

}  // namespace

std::unique_ptr<Lease> Lease::take(const fs::path& path, std::function<void()> on_lost,
                                   const LeaseTimes& times) {
  auto lease = std::make_unique<HeldLease>(path, std::move(on_lost), times);
  return lease->acquire() ? std::move(lease) : nullptr;
}

std::string holder_of_lease(const fs::path& path) {
  const std::optional<Claim> claim = read_claim(path);
  return claim ? claim->holder : "";
}

}  // namespace tandem
