#include "download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "disk_budget.h"
#include "tandem/core/interrupted.h"
#include "tandem/core/system_error.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr long kMostRedirects = 5;
constexpr long kStalledBytesPerSecond = 1000;

/// One attempt: bytes from the end of the part on.
class Transfer {
 public:
  Transfer(const std::string& url, const fs::path& part, const DownloadOptions& options)
      : url_(url),
        part_(part),
        options_(options),
        curl_(curl_easy_init(), curl_easy_cleanup),
        budget_(part.parent_path()) {
    file_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file_ < 0) {
      throw_system_error("cannot write", part_);
    }
    begin_ = length_ = ::lseek(file_, 0, SEEK_END);
    set_up();
  }

  ~Transfer() { ::close(file_); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// False if the server cannot go on in the middle.
  bool run() {
    const CURLcode code = curl_easy_perform(curl_.get());
    if (options_.stop.stop_requested()) {
      throw Interrupted();
    }
    if (code == CURLE_RANGE_ERROR && begin_ > 0) {
      return false;
    }
    if (code != CURLE_OK) {
      if (too_long_) {
        fs::remove(part_);
      }
      if (system_error_ != 0) {
        throw std::system_error(system_error_, std::generic_category(),
                                fmt::format("{}: {}", url_, complaint_));
      }
      std::string reason = complaint_.empty() ? error_.data() : complaint_;
      if (reason.empty()) {
        reason = curl_easy_strerror(code);
      }
      throw std::runtime_error(fmt::format("{}: {}", url_, reason));
    }
    if (::fsync(file_) != 0) {
      throw_system_error("cannot write", part_);
    }
    return true;
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(curl_.get(), option, value); code != CURLE_OK) {
      throw std::runtime_error(fmt::format("{}: {}", url_, curl_easy_strerror(code)));
    }
  }

  void set_up() {
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_URL, url_.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, url_.starts_with("https:") ? "https" : "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, kMostRedirects);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "tandem");
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_timeout_s));
    set(CURLOPT_LOW_SPEED_LIMIT, kStalledBytesPerSecond);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_timeout_s));
    set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(begin_));
    set(CURLOPT_WRITEFUNCTION, &Transfer::write);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::advance);
    set(CURLOPT_XFERINFODATA, this);
  }

  static std::size_t write(const char* data, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (!transfer.may_write(static_cast<std::int64_t>(size))) {
      return 0;
    }
    for (std::size_t done = 0; done < size;) {
      const ssize_t written = ::write(transfer.file_, data + done, size - done);
      if (written < 0 && errno != EINTR) {
        transfer.system_error_ = errno;
        transfer.complaint_ = fmt::format("cannot write {}", transfer.part_.string());
        return 0;
      }
      done += static_cast<std::size_t>(std::max<ssize_t>(written, 0));
    }
    transfer.length_ += static_cast<std::int64_t>(size);
    return size;
  }

  /// Called about once a second, also while nothing comes; anything but 0 ends the transfer.
  static int advance(void* self, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.options_.stop.stop_requested() || !transfer.will_fit(total, now)) {
      return 1;
    }
    if (transfer.options_.on_progress) {
      transfer.options_.on_progress({transfer.begin_ + now, total > 0 ? transfer.begin_ + total : 0,
                                     transfer.part_.stem().string()});
    }
    return 0;
  }

  /// Whether so many more bytes fit; without a look at what the server announced, as it need not.
  bool may_write(std::int64_t bytes) {
    refuse_beyond_most(length_ + bytes);
    too_long_ = !complaint_.empty();
    if (complaint_.empty() && !budget_.take(bytes)) {
      refuse_for_room(budget_.why_not());
    }
    return complaint_.empty();
  }

  /// Whether what the server announced fits, before most of it comes.
  bool will_fit(std::int64_t total, std::int64_t now) {
    refuse_beyond_most(begin_ + total);
    if (complaint_.empty() && total > 0 && !room_checked_) {
      room_checked_ = true;
      if (total - now > budget_.room()) {
        refuse_for_room(
            fmt::format("{} MB are to come, but {}", (total - now) >> 20, budget_.why_not()));
      }
    }
    return complaint_.empty();
  }

  void refuse_for_room(std::string why) {
    complaint_ = std::move(why);
    system_error_ = ENOSPC;
  }

  void refuse_beyond_most(std::int64_t length) {
    if (length > options_.most_bytes) {
      complaint_ = fmt::format("expected at most {} bytes, found more", options_.most_bytes);
    }
  }

  const std::string url_;
  const fs::path part_;
  const DownloadOptions& options_;
  std::unique_ptr<CURL, void (*)(CURL*)> curl_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::string complaint_;  ///< what we found, where curl only knows that we gave up
  int file_ = -1;
  std::int64_t begin_ = 0;
  std::int64_t length_ = 0;  ///< of the part
  bool room_checked_ = false;
  bool too_long_ = false;  ///< the part
  int system_error_ = 0;   ///< behind the complaint, if one is
  DiskBudget budget_;
};

void initialise_curl() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (once != CURLE_OK) {
    throw std::runtime_error("cannot initialise libcurl");
  }
}

}  // namespace

bool can_download() {
  return true;
}

void download_file(const std::string& url, const fs::path& path, const DownloadOptions& options) {
  initialise_curl();
  const fs::path part = fs::absolute(path.string() + ".part");
  if (!Transfer(url, part, options).run()) {
    fs::remove(part);
    if (!Transfer(url, part, options).run()) {
      throw std::runtime_error(fmt::format("{}: the server sends no whole file", url));
    }
  }
  fs::rename(part, path);
}

}  // namespace tandem
