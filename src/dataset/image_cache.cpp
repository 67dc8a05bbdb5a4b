#include "image_cache.h"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "image_cache_writer.h"
#include "on_threads.h"
#include "picture_files.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/fingerprint.h"
#include "tandem/core/system_error.h"
#include "tandem/picture/fit_square.h"
#include "tandem/picture/picture.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// A JPEG may be decoded at a reduced scale that leaves so many pixels for each of the image's.
constexpr std::int64_t kPixelsForEach = 2;
constexpr std::int64_t kMostShown = 10;
/// Decoding a picture counts as so many that are read, in telling how far the work has come.
constexpr std::int64_t kReadsToDecode = 9;
constexpr std::chrono::milliseconds kWait{100};

/// One call of load_pictures.
class Loading {
 public:
  Loading(const ImageListing& listing, const PictureOptions& options)
      : listing_(listing),
        options_(options),
        cache_(options.cache.empty() ? image_cache_folder() : options.cache) {
    if (options.side < 1 || options.side > 4096) {
      throw std::invalid_argument(
          fmt::format("size of images: expected 1..4096 pixels, got {}", options.side));
    }
    content_.side = options.side;
    content_.class_names = listing.class_names;
    for (const ListedImage& image : listing.images) {
      content_.files.push_back(image.file);
      content_.labels.push_back(image.label);
    }
    report_.listed = std::ssize(listing.images);
    report_.bad = listing.bad;
    report_.notes = listing.notes;
  }

  Dataset load(std::string name) {
    std::optional<CachedImages> cached;
    if (!listing_.images.empty()) {
      cached = open_by_times();
      cached = cached ? std::move(cached) : open_by_content();
    }
    if (cached) {
      take(report_.bad, cached->bad);
      take(report_.notes, cached->notes);
      report_.used = report_.listed - std::ssize(cached->bad);
    }
    if (options_.report != nullptr) {
      *options_.report = report_;
    }
    refuse_bad();
    return dataset(std::move(name), *cached);
  }

 private:
  fs::path path_of_cache() const {
    return cache_ / fmt::format("images-{}.safetensors", content_.content.hex());
  }

  /// Finds the cache file without reading any picture.
  std::optional<CachedImages> open_by_times() {
    look_ = look_of_files(listing_, options_.side);
    const fs::path pointer = pointer_to_content();
    if (!look_ || file_type_at(pointer) == fs::file_type::not_found) {
      return std::nullopt;
    }
    const auto content = Fingerprint::from_hex(read_file(pointer));
    if (!content) {
      return std::nullopt;
    }
    content_.content = *content;
    return open_file();
  }

  fs::path pointer_to_content() const {
    return cache_ / fmt::format("files-{}", look_.value_or(Fingerprint{}).hex());
  }

  /// The finished cache file, if there is an undamaged one.
  std::optional<CachedImages> open_file() {
    report_.cache = path_of_cache();
    if (file_type_at(report_.cache) == fs::file_type::not_found) {
      return std::nullopt;
    }
    try {
      return open_cache_file(report_.cache, content_);
    } catch (const std::system_error&) {
      throw;  // which says nothing about the file
    } catch (const std::runtime_error& damage) {
      damaged_ = true;
      report_.notes.push_back({report_.cache.string(),
                               fmt::format("was damaged and is made anew ({})", damage.what())});
      return std::nullopt;
    }
  }

  CachedImages open_by_content() {
    read_all();
    std::optional<CachedImages> cached = damaged_ ? std::nullopt : open_file();
    while (!cached) {
      const auto writer = CacheFileWriter::start(path_of_cache(), report_.listed, content_.side);
      if (writer == nullptr) {
        progress(0, "waiting for another process that decodes the same pictures");
        std::this_thread::sleep_for(kWait);
        continue;
      }
      // It may have been finished by another process just now.
      cached = damaged_ ? std::nullopt : open_file();
      if (cached) {
        writer->discard();
        break;
      }
      decode_all(*writer);
      report_.decoded = true;
      cached = open_cache_file(report_.cache, content_);
    }
    if (look_) {
      write_file_atomically(pointer_to_content(), content_.content.hex());
    }
    return std::move(*cached);
  }

  /// Fingerprints the bytes of all files, which is some twenty times faster than decoding them.
  void read_all() {
    read_.resize(listing_.images.size());
    const auto read_one = [this](std::int64_t row) {
      const auto place = static_cast<std::size_t>(row);
      read_[place] = read_listed(listing_.root, content_.files[place]);
    };
    for_each_on_threads(report_.listed, options_.threads, read_one, [this](std::int64_t done) {
      progress(done, fmt::format("read {} of {} pictures", done, report_.listed));
    });
    Fingerprinter content;
    content.number(kPictureRule).number(content_.side);
    for (const std::string& name : content_.class_names) {
      content.text(name);
    }
    for (std::size_t row = 0; row < read_.size(); ++row) {
      content.text(content_.files[row]).number(content_.labels[row]).text(read_[row].bad);
      content.text(read_[row].bytes.hex());
    }
    content_.content = content.digest();
  }

  void decode_all(CacheFileWriter& writer) {
    std::mutex mutex;
    const auto decode_one = [&](std::int64_t row) {
      const auto place = static_cast<std::size_t>(row);
      std::string bad = read_[place].bad;
      if (bad.empty() && !writer.has(row)) {
        bad = decode(row, writer);
      }
      if (!bad.empty() || !read_[place].note.empty()) {
        const std::lock_guard lock(mutex);
        (bad.empty() ? content_.notes : content_.bad)
            .emplace_back(row, bad.empty() ? read_[place].note : bad);
      }
    };
    for_each_on_threads(report_.listed, options_.threads, decode_one, [this](std::int64_t done) {
      progress(report_.listed + kReadsToDecode * done,
               fmt::format("decoded {} of {} pictures", done, report_.listed));
    });
    remark_on_twins();
    std::sort(content_.bad.begin(), content_.bad.end());
    std::sort(content_.notes.begin(), content_.notes.end());
    writer.finish(content_);
  }

  /// Why the picture is bad; empty where it was written.
  std::string decode(std::int64_t row, CacheFileWriter& writer) const {
    const auto place = static_cast<std::size_t>(row);
    const fs::path path = listing_.root / content_.files[place];
    const std::string content = bytes_of_picture(path);
    if (Fingerprinter().bytes(std::as_bytes(std::span(content))).digest() != read_[place].bytes) {
      throw std::runtime_error(
          fmt::format("{}: changed while the pictures were read; run again", path.string()));
    }
    try {
      const Picture picture =
          decode_picture(std::as_bytes(std::span(content)), kPixelsForEach * content_.side);
      std::vector<std::uint8_t> pixels(static_cast<std::size_t>(writer.image_bytes()));
      fit_square(picture, content_.side, pixels.data());
      writer.write(row, pixels.data());
      return "";
    } catch (const PictureError& error) {
      return error.what();
    }
  }

  /// One content in two classes: at least one of them is mislabelled.
  void remark_on_twins() {
    std::map<Fingerprint, std::size_t> first_of;
    for (std::size_t row = 0; row < read_.size(); ++row) {
      if (!read_[row].bad.empty()) {
        continue;
      }
      const auto [first, is_new] = first_of.emplace(read_[row].bytes, row);
      if (!is_new && content_.labels[first->second] != content_.labels[row]) {
        content_.notes.emplace_back(
            row, fmt::format("mislabelled? the same file as {}, of another class",
                             content_.files[first->second]));
      }
    }
  }

  void take(std::vector<FileRemark>& into, const std::vector<RowRemark>& remarks) const {
    for (const auto& [row, word] : remarks) {
      into.push_back({content_.files[static_cast<std::size_t>(row)], word});
    }
  }

  void refuse_bad() const {
    if (report_.used > 0 && (report_.bad.empty() || options_.skip_bad)) {
      return;
    }
    std::string text = fmt::format("{}: expected pictures that can all be used, found {} of {} bad",
                                   listing_.root.string(), report_.bad.size(), report_.listed);
    const auto shown = std::min<std::int64_t>(std::ssize(report_.bad), kMostShown);
    for (std::int64_t k = 0; k < shown; ++k) {
      const FileRemark& remark = report_.bad[static_cast<std::size_t>(k)];
      text += fmt::format("\n  {}: {}", remark.file, remark.word);
    }
    if (shown < std::ssize(report_.bad)) {
      text += fmt::format("\n  ... and {} more", std::ssize(report_.bad) - shown);
    }
    throw std::runtime_error(text + (report_.used > 0
                                         ? "\nmend or remove them, or leave them out with "
                                           "data.skip_bad=true (--skip-bad of tandem data)"
                                         : "\nno picture is left"));
  }

  Dataset dataset(std::string name, const CachedImages& cached) const {
    std::vector<std::int64_t> rows, labels;
    auto bad = cached.bad.begin();
    for (std::int64_t row = 0; row < report_.listed; ++row) {
      if (bad != cached.bad.end() && bad->first == row) {
        ++bad;
        continue;
      }
      rows.push_back(row);
      labels.push_back(content_.labels[static_cast<std::size_t>(row)]);
    }
    return Dataset(std::move(name), cached.images, torch::tensor(rows, torch::kInt64),
                   torch::tensor(labels, torch::kInt64), content_.class_names);
  }

  void progress(std::int64_t done, std::string what) const {
    if (options_.on_progress) {
      options_.on_progress({done, (1 + kReadsToDecode) * report_.listed, std::move(what)});
    }
  }

  const ImageListing& listing_;
  const PictureOptions& options_;
  fs::path cache_;
  CacheContent content_;
  ImageReport report_;
  std::optional<Fingerprint> look_;
  std::vector<ReadFile> read_;
  bool damaged_ = false;  ///< the file in the cache
};

}  // namespace

fs::path image_cache_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return fs::path(value == nullptr ? "" : value);
  };
  if (const fs::path folder = variable("TANDEM_CACHE"); !folder.empty()) {
    return folder;
  }
  if (const fs::path folder = variable("XDG_CACHE_HOME"); !folder.empty()) {
    return folder / "tandem";
  }
  if (const fs::path home = variable("HOME"); !home.empty()) {
    return home / ".cache" / "tandem";
  }
  throw std::runtime_error(
      "expected a folder for decoded pictures in TANDEM_CACHE, XDG_CACHE_HOME or HOME, found none "
      "of them set");
}

Dataset load_pictures(std::string name, const ImageListing& listing,
                      const PictureOptions& options) {
  return Loading(listing, options).load(std::move(name));
}

}  // namespace tandem
