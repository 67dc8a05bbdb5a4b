#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "tandem/target/label_rows.h"
#include "tandem/target/store_description.h"

namespace tandem {

/// Names a store that is still to be made: of everything that decides its content, `components`
/// (see StoreBuilder) included.
Fingerprint store_identity(const StoreDescription& description, std::int64_t components);

/// Where the parts of a store in the making stand.
std::filesystem::path parts_folder(const std::filesystem::path& store);

/// Makes a target store in parts, which processes may share and which outlive an interruption:
/// prepare() once, each shard once, in any order and by anyone, then merge(). Until then everything
/// stands in parts_folder(). Which rows a shard holds, and so every byte of the store,
/// depends on the description alone, not on who labels what.
class StoreBuilder {
 public:
  /// `description` says what to store, `dataset` holds the samples in its order, and
  /// `samples` names each one's index in the training split. `components` > 0 reduces features to
  /// as many principal components; the description's width is that of the reduced ones.
  /// Throws std::runtime_error where the folder holds parts of another store.
  StoreBuilder(StoreDescription description, Dataset dataset, std::vector<std::int64_t> samples,
               std::int64_t components, std::filesystem::path store);

  /// Whether prepare() has something to do: clusters or principal components that are not there.
  bool must_prepare() const;
  void prepare(Teacher& teacher, const OnProgress& progress = {}, std::stop_token stop = {});

  std::int64_t shard_count() const;
  bool has_shard(std::int64_t shard) const;

  /// Views that the teacher answers for a shard (on average, where rows differ).
  std::int64_t views_per_shard() const;

  /// Needs what prepare() makes.
  void label_shard(Teacher& teacher, std::int64_t shard, const OnProgress& progress = {},
                   std::stop_token stop = {});

  /// Writes the store from all shards and removes the parts. `record` is called with the seconds
  /// that the teacher took in all, before the store is written: a store that is there has been
  /// recorded. Throws std::runtime_error for a shard that is missing or damaged.
  void merge(const std::function<void(double teacher_s)>& record = {});

 private:
  std::filesystem::path shard_path(std::int64_t shard) const;
  std::filesystem::path tables_path() const;
  bool needs_tables() const;
  void load_tables();

  StoreDescription description_;
  Dataset dataset_;
  std::vector<std::int64_t> samples_;
  std::int64_t components_;
  std::filesystem::path store_;
  std::int64_t rows_per_shard_;
  std::vector<std::int64_t> clusters_;
  std::optional<Projection> projection_;
  std::optional<ViewsOfRows> views_;
};

}  // namespace tandem
