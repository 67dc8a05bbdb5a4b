#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/core/fingerprint.h"
#include "tandem/dataset/dataset.h"
#include "tandem/target/encoding.h"
#include "tandem/target/fusion.h"
#include "tandem/target/granularity.h"

namespace tandem {

/// What the targets of a store are, whom they belong to, and how they are encoded: everything that
/// decides its bytes. docs/target-store.md lists the metadata that carries it.
struct StoreDescription {
  Granularity granularity;
  std::int64_t epochs = 1;  ///< visits stored: of `view`, K of `pool:K`, else 1
  Content content = Content::kProbs;
  std::int64_t width = 0;        ///< scalars of one decoded target
  std::optional<Fusion> fusion;  ///< absent for pool and view
  double temperature = 1;
  Encoding encoding;

  std::string dataset;  ///< name, for people
  Fingerprint dataset_fingerprint;
  ImageShape image_shape;
  std::int64_t classes = 0;
  std::int64_t samples = 0;
  std::string images_crc32;  ///< of the samples' pixels and of their labels as int64, hex
  std::string labels_crc32;

  std::string teacher;  ///< for people
  Fingerprint teacher_fingerprint;
  std::string views = "none";  ///< policy under which the teacher saw the samples
  Fingerprint views_fingerprint;
  std::uint64_t view_seed = 0;

  /// Views that the targets are of.
  ViewExtent extent() const { return {.classes = classes, .samples = samples, .epochs = epochs}; }

  /// Rows of the store.
  std::int64_t keys() const;

  /// Fills what follows from the data set.
  void describe(const Dataset& samples_in_order);
};

/// The metadata of a store, its own checksum included. `tables_crc32` is that of the tensors other
/// than the rows.
std::map<std::string, std::string> to_metadata(const StoreDescription& description,
                                               const std::string& tables_crc32);

/// The reverse, checked. Throws std::runtime_error that starts with `source`.
StoreDescription description_of(const std::map<std::string, std::string>& metadata,
                                const std::string& source);

/// Whether an entry of the metadata is a name for people, or the header's checksum, which covers
/// such: nothing that decides what the targets are.
bool is_for_people(std::string_view key);

/// Entry of the metadata that holds the checksum of the tables.
inline constexpr const char* kTablesChecksum = "tandem.tables_crc32";

/// Rows that one checksum covers.
inline constexpr std::int64_t kBlockRows = 1024;

}  // namespace tandem
