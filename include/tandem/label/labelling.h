#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "tandem/label/label_config.h"
#include "tandem/sample/splits.h"
#include "tandem/target/store_builder.h"

namespace tandem {

/// A store in the making, for one process among those that share the work. Its parts stand in
/// parts_folder() until it is whole.
class Labelling {
 public:
  /// `config` is resolved. Throws std::runtime_error where the parts belong to another labelling.
  Labelling(const LabelConfig& config, const Splits& splits, std::shared_ptr<Teacher> teacher,
            const std::filesystem::path& store);

  const StoreDescription& description() const { return description_; }
  StoreBuilder& builder() { return builder_; }
  Teacher& teacher() { return *teacher_; }

  /// Does everything that is not done yet, in this process, and finishes. Progress counts views.
  void run(const OnProgress& progress, std::stop_token stop, const std::string& command);

  /// Merges the parts into the store and records beside it what it cost, and the command.
  void finish(const std::string& command);

 private:
  std::filesystem::path store_;
  std::shared_ptr<Teacher> teacher_;
  StoreDescription description_;
  StoreBuilder builder_;
};

/// Takes over what labelling `store` cost for the same targets in `other`; call it before `other`
/// is written, so that no record of an earlier store of that name is taken for its.
void copy_label_record(const std::filesystem::path& store, const std::filesystem::path& other);

/// Seconds that the teacher took over all workers, as recorded in `<store>.json` beside the store
/// (whose bytes are to depend on its content alone); NaN where there is no record.
/// Throws std::runtime_error for a record that cannot be read.
double labelling_seconds(const std::filesystem::path& store);

}  // namespace tandem
