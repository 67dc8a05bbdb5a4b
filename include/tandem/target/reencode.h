#pragma once

#include <filesystem>

#include "tandem/target/target_store.h"

namespace tandem {

/// Writes the targets of `store`, which holds them in fp32, to `path` in another encoding;
/// everything else stays. Throws std::invalid_argument for a store of another encoding, whose
/// losses nobody could see any more, and what check_encoding throws.
void reencode(const TargetStore& store, const Encoding& encoding,
              const std::filesystem::path& path);

/// How far targets moved by being encoded, over all rows.
struct EncodingError {
  double mean_kl = 0;     ///< probs: mean KL(dense || encoded), in nats
  double highest_kl = 0;  ///< probs: the largest
  double relative = 0;    ///< any content: |encoded - dense| / |dense|, Euclidean norms
};

/// Compares two stores of the same keys and width; `dense` is the one taken as true. Throws
/// std::invalid_argument for others.
EncodingError encoding_error(const TargetStore& dense, const TargetStore& encoded);

}  // namespace tandem
