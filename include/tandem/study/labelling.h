#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "tandem/study/label_config.h"
#include "tandem/target/store_builder.h"

namespace tandem {

/// A store in the making, for one process among those that share the work. Its parts stand in
/// `<store>.parts` (see StoreBuilder).
class Labelling {
 public:
  /// `config` is resolved. Throws std::runtime_error where `<store>.parts` belongs to another
  /// labelling.
  Labelling(const LabelConfig& config, const Splits& splits, std::shared_ptr<Teacher> teacher,
            const std::filesystem::path& store);

  const StoreDescription& description() const { return description_; }
  StoreBuilder& builder() { return builder_; }
  Teacher& teacher() { return *teacher_; }

  /// Does everything that is not done yet, in this process, and merges.
  double run(const LabelProgress& progress, std::stop_token stop);

 private:
  std::shared_ptr<Teacher> teacher_;
  StoreDescription description_;
  StoreBuilder builder_;
};

/// What labelling cost, kept in `<store>.json` beside the store, whose bytes are to depend on its
/// content alone.
struct LabelRecord {
  double teacher_s = 0;  ///< seconds that the teacher took, over all workers
  std::int64_t targets = 0;
  std::string command;
};

void write_label_record(const std::filesystem::path& store, const LabelRecord& record);

/// Seconds that the teacher took, as recorded beside the store; 0 where there is no record.
/// Throws std::runtime_error for a record that cannot be read.
double labelling_seconds(const std::filesystem::path& store);

}  // namespace tandem
