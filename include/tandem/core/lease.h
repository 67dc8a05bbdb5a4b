#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace tandem {

/// How a lease that another machine holds is told from one whose holder is gone.
struct LeaseTimes {
  std::chrono::milliseconds renewal{10'000};   ///< a holder renews it so often
  std::chrono::milliseconds ending{2'000};     ///< one here may be about to end, a new one blank
  std::chrono::milliseconds patience{35'000};  ///< one that is not renewed for so long is free
};

/// Holds a name for this process and the children it starts, by a file that is created exclusively:
/// what every file system has, those without locks (NFS, Lustre) included. A holder that ends by
/// whatever end is noticed: on the same machine at once, since the kernel lets go of an address
/// that holder and children have in common; from another machine (or container), since the file is
/// not renewed any more.
class Lease {
 public:
  /// Takes the lease of the file `path`; null where another process holds it. Waits for up to
  /// `times.patience` where a process of another machine held it last. `on_lost` is called by a
  /// thread of the lease's own where another process has taken it over, since this one was not able
  /// to renew it in time. Throws std::runtime_error where the file cannot be made.
  static std::unique_ptr<Lease> take(const std::filesystem::path& path,
                                     std::function<void()> on_lost = {},
                                     const LeaseTimes& times = {});

  /// Lets go.
  virtual ~Lease() = default;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 protected:
  Lease() = default;
};

/// Who holds the lease, for people: "process 4711 of machine abc"; empty where nobody says so.
std::string holder_of_lease(const std::filesystem::path& path);

}  // namespace tandem
