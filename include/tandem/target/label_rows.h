#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "tandem/core/progress.h"
#include "tandem/target/projection.h"
#include "tandem/target/store_description.h"
#include "tandem/target/teacher.h"
#include "tandem/view/view.h"

namespace tandem {

/// Which views stand behind each row of a store: one of a sample (canonical or at its own visit),
/// M drawn ones (visits kFusionEpoch + 0..M-1), or those of all samples of a class or a cluster.
class ViewsOfRows {
 public:
  /// `clusters` names the row of each sample where the granularity is cluster.
  ViewsOfRows(const StoreDescription& description, const Dataset& dataset,
              const std::vector<std::int64_t>& clusters = {});

  std::int64_t rows() const { return rows_; }

  /// Number of views behind a row, and their addresses.
  std::int64_t count(std::int64_t row) const;
  std::vector<ViewKey> keys(std::int64_t row) const;

 private:
  void group(const std::vector<std::int64_t>& row_of_sample);

  std::uint64_t view_seed_;
  std::int64_t rows_;
  std::int64_t samples_;
  bool per_view_;
  std::uint32_t fused_views_;                       ///< per sample
  std::vector<std::vector<std::uint32_t>> groups_;  ///< samples of each class or cluster
};

/// Rows first, first + 1, ..., end - 1.
struct RowRange {
  std::int64_t first = 0;
  std::int64_t end = 0;

  std::int64_t size() const { return end - first; }
};

/// Targets of `rows`, fp32 [rows, width]: the mean, taken in fp64, of the teacher's
/// answers to the views behind each. Progress counts views. Throws Interrupted on `stop`, and
/// std::runtime_error for an answer that is not finite.
torch::Tensor label_rows(Teacher& teacher, const Dataset& dataset,
                         const StoreDescription& description, const ViewsOfRows& views,
                         const std::optional<Projection>& projection, RowRange rows,
                         const OnProgress& progress = {}, std::stop_token stop = {});

}  // namespace tandem
