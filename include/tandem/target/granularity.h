#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

/// Which views there are: those of samples 0..`samples`-1 on visits 0..`epochs`-1.
struct ViewExtent {
  std::int64_t classes = 0;  ///< that the samples are of
  std::int64_t samples = 0;
  std::int64_t epochs = 1;
};

/// What a store's numbers of rows and visits say of its granularity's count.
struct StoredCounts {
  std::int64_t rows_per_class = 0;
  std::int64_t epochs = 1;
};

/// Who shares one target: a function from a view's address to a target key. CONTRIBUTING.md lists
/// what a new one touches; the compiler finds every switch that misses it.
struct Granularity {
  enum class Kind {
    kClass,    ///< all views of all samples of a class
    kCluster,  ///< all views of similar samples of a class
    kSample,   ///< all views of one sample
    kPool,     ///< nobody, but only `count` views per sample exist
    kView,     ///< nobody
    kLast = kView,
  };

  Kind kind = Kind::kClass;
  std::int64_t count = 0;  ///< clusters of a class, or views of a sample in its pool; else 0

  /// "class", "cluster:K", "sample", "pool:K" or "view". Anything else is std::invalid_argument
  /// that lists the known ones.
  static Granularity parse(std::string_view text);
  std::string text() const;

  /// The text without its count, as stores name it, and what a store's name and counts say; nothing
  /// for a name that is not known and counts that make none.
  std::string_view name() const;
  static std::optional<Granularity> of_store(std::string_view name, const StoredCounts& counts);

  /// Whether each view has a target of its own (pool, view), so that a teacher may answer online.
  bool per_view() const;

  /// Whether a count belongs to it.
  bool is_counted() const;

  /// Whether which row is whose does not follow from sample and class and is written down.
  bool has_table() const;

  /// Views of each sample that exist, round which its visits go; 0: no bound.
  std::int64_t pool() const;

  /// Samples that each class must have for it.
  std::int64_t least_class_size() const;

  /// Targets that so many views have.
  std::int64_t targets(const ViewExtent& views) const;

  friend bool operator==(const Granularity&, const Granularity&) = default;
};

}  // namespace tandem
