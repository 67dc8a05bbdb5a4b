#include "image_cache_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tandem/core/atomic_file.h"
#include "tandem/core/mapped_file.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

std::uint64_t bytes_of_image(std::int64_t side) {
  return static_cast<std::uint64_t>(kCacheChannels * side * side);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text.append(name).push_back('\0');
  }
  return text;
}

std::string report_text(const CacheContent& content) {
  // A file's name may hold any bytes, JSON only UTF-8.
  const nlohmann::json report = {
      {"class_names", content.class_names}, {"bad", content.bad}, {"notes", content.notes}};
  return report.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The header of a file whose data begins at kCacheDataOffset.
std::string header_of(const CacheContent& content, std::int64_t count, std::uint64_t files,
                      std::uint64_t report, const Fingerprint& tables) {
  const CachePlaces places(count, content.side);
  const auto entry = [](const char* dtype, std::vector<std::int64_t> shape, std::uint64_t begin,
                        std::uint64_t end) {
    return nlohmann::json{{"dtype", dtype},
                          {"shape", std::move(shape)},
                          {"data_offsets", {begin - kCacheDataOffset, end - kCacheDataOffset}}};
  };
  const std::uint64_t end_of_files = places.end + files;
  const nlohmann::json header = {
      {"__metadata__",
       {{"tandem.format", kCacheFormat},
        {"tandem.content", content.content.hex()},
        {"tandem.tables", tables.hex()}}},
      {"labels", entry("I64", {count}, places.labels, places.fingerprints)},
      {"fingerprints", entry("I64", {count, 2}, places.fingerprints, places.sums)},
      {"sums", entry("I64", {count, kCacheChannels, 2}, places.sums, places.images)},
      {"images",
       entry("U8", {count, kCacheChannels, content.side, content.side}, places.images, places.end)},
      {"files", entry("U8", {static_cast<std::int64_t>(files)}, places.end, end_of_files)},
      {"report",
       entry("U8", {static_cast<std::int64_t>(report)}, end_of_files, end_of_files + report)}};
  const std::uint64_t length = kCacheDataOffset - sizeof(std::uint64_t);
  std::string text = header.dump();
  if (text.size() > length) {
    throw std::logic_error("image cache: the header outgrew its room");
  }
  text.resize(length, ' ');
  return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + text;
}

[[noreturn]] void fail_to_write(const fs::path& path, std::uint64_t bytes, int error) {
  throw std::system_error(
      error, std::generic_category(),
      fmt::format("cannot write {} ({} MB; TANDEM_CACHE names another folder for decoded pictures)",
                  path.string(), bytes >> 20));
}

/// Null where another process has it. `bytes` is what the file will take.
std::unique_ptr<Lease> lease_of(const fs::path& path, std::uint64_t bytes) {
  const fs::path file = path.string() + ".lease";
  try {
    return Lease::take(file);
  } catch (const std::system_error& error) {
    fail_to_write(file, bytes, error.code().value());
  }
}

}  // namespace

std::unique_ptr<CacheFileWriter> CacheFileWriter::start(const fs::path& path, std::int64_t count,
                                                        std::int64_t side) {
  const fs::path partial = path.string() + ".partial";
  const CachePlaces places(count, side);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    fail_to_write(partial, places.end, error.value());
  }
  std::unique_ptr<Lease> lease = lease_of(path, places.end);
  if (!lease) {
    return nullptr;
  }
  const int descriptor = ::open(partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    fail_to_write(partial, places.end, errno);
  }
  return std::unique_ptr<CacheFileWriter>(
      new CacheFileWriter(path, std::move(lease), descriptor, count, side));
}

CacheFileWriter::CacheFileWriter(fs::path path, std::unique_ptr<Lease> lease, int descriptor,
                                 std::int64_t count, std::int64_t side)
    : lease_(std::move(lease)),
      path_(std::move(path)),
      partial_(path_.string() + ".partial"),
      descriptor_(descriptor),
      count_(count),
      side_(side),
      done_(static_cast<std::size_t>(count)),
      fingerprints_(static_cast<std::size_t>(2 * count)),
      sums_(static_cast<std::size_t>(2 * kCacheChannels * count)) {
  const auto end = static_cast<off_t>(CachePlaces(count, side).end);
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) {
    const int reason = errno;
    ::close(descriptor_);
    fail_to_write(partial_, static_cast<std::uint64_t>(end), reason);
  }
  if (status.st_size >= end) {
    take_over_rows();
  }
  // Room is claimed before hours of work go into it; where the system cannot, writing will tell.
  const bool claimed =
      ::fallocate(descriptor_, 0, 0, end) == 0 || errno == EOPNOTSUPP || errno == ENOSYS;
  if (!claimed || (status.st_size < end && ::ftruncate(descriptor_, end) != 0)) {
    const int reason = errno;
    ::unlink(partial_.c_str());
    ::close(descriptor_);
    fail_to_write(partial_, static_cast<std::uint64_t>(end), reason);
  }
}

CacheFileWriter::~CacheFileWriter() {
  if (useless_) {
    ::unlink(partial_.c_str());
  }
  ::close(descriptor_);
}

std::int64_t CacheFileWriter::image_bytes() const {
  return static_cast<std::int64_t>(bytes_of_image(side_));
}

void CacheFileWriter::take_over_rows() {
  const MappedFile mapped(partial_);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(mapped.bytes().data());
  const CachePlaces places(count_, side_);
  for (std::int64_t row = 0; row < count_; ++row) {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), bytes + places.fingerprints + 16 * static_cast<std::uint64_t>(row),
                16);
    const std::uint8_t* pixels =
        bytes + places.images + static_cast<std::uint64_t>(row) * bytes_of_image(side_);
    const bool written = words[0] != 0 || words[1] != 0;
    if (written && fingerprint_of_pixels(pixels, bytes_of_image(side_)) ==
                       Fingerprint{.high = words[0], .low = words[1]}) {
      note(row, pixels);
    }
  }
}

void CacheFileWriter::note(std::int64_t row, const std::uint8_t* pixels) {
  const auto place = static_cast<std::size_t>(row);
  const Fingerprint of_image = fingerprint_of_pixels(pixels, bytes_of_image(side_));
  fingerprints_[2 * place] = static_cast<std::int64_t>(of_image.high);
  fingerprints_[2 * place + 1] = static_cast<std::int64_t>(of_image.low);
  for (std::int64_t channel = 0; channel < kCacheChannels; ++channel) {
    std::int64_t sum = 0, squares = 0;
    for (const std::uint8_t value :
         std::span(pixels + channel * side_ * side_, static_cast<std::size_t>(side_ * side_))) {
      sum += value;
      squares += value * value;
    }
    const std::size_t at = 2 * (kCacheChannels * place + static_cast<std::size_t>(channel));
    sums_[at] = sum;
    sums_[at + 1] = squares;
  }
  done_[place] = 1;
}

void CacheFileWriter::put(const void* bytes, std::uint64_t count, std::uint64_t place) {
  const char* next = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written = ::pwrite(descriptor_, next, count, static_cast<off_t>(place));
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      useless_ = true;
      fail_to_write(partial_, CachePlaces(count_, side_).end, written < 0 ? errno : ENOSPC);
    }
    next += written;
    place += static_cast<std::uint64_t>(written);
    count -= static_cast<std::uint64_t>(written);
  }
}

void CacheFileWriter::write(std::int64_t row, const std::uint8_t* pixels) {
  const CachePlaces places(count_, side_);
  const auto place = static_cast<std::uint64_t>(row);
  note(row, pixels);
  put(pixels, bytes_of_image(side_), places.images + place * bytes_of_image(side_));
  put(&fingerprints_[2 * place], 16, places.fingerprints + 16 * place);
}

void CacheFileWriter::finish(const CacheContent& content) {
  const CachePlaces places(count_, side_);
  const std::string files = joined(content.files), report = report_text(content);
  const Fingerprint tables =
      fingerprint_of_tables(content.labels, fingerprints_, sums_, files, report);
  const std::string header = header_of(content, count_, files.size(), report.size(), tables);
  put(content.labels.data(), 8 * content.labels.size(), places.labels);
  put(fingerprints_.data(), 8 * fingerprints_.size(), places.fingerprints);
  put(sums_.data(), 8 * sums_.size(), places.sums);
  put(files.data(), files.size(), places.end);
  put(report.data(), report.size(), places.end + files.size());
  put(header.data(), header.size(), 0);
  const auto size = static_cast<off_t>(places.end + files.size() + report.size());
  if (::ftruncate(descriptor_, size) != 0 || ::fsync(descriptor_) != 0) {
    useless_ = true;
    fail_to_write(partial_, places.end, errno);
  }
  fs::remove(path_);  // a damaged one
  rename_durably(partial_, path_);
}

}  // namespace tandem
