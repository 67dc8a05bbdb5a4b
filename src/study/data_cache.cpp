#include "tandem/study/data_cache.h"

#include <chrono>

#include "tandem/label/open_teacher.h"
#include "tandem/learn/learner.h"
#include "tandem/target/teacher_accuracy.h"

namespace tandem {

namespace {

/// The keys that say which files are read; the others say what is made of them.
DataConfig source_of(const DataConfig& config) {
  return {.name = config.name,
          .folder = config.folder,
          .size = config.size,
          .skip_bad = config.skip_bad};
}

}  // namespace

const Dataset& DataCache::whole(const DataConfig& config) {
  const std::string key = config_text(source_of(config));
  auto found = wholes_.find(key);
  if (found == wholes_.end()) {
    found =
        wholes_.emplace(key, load_dataset(config.name, Split::kTrain, load_options(config))).first;
  }
  return found->second;
}

const Splits& DataCache::splits(const DataConfig& config) {
  const std::string key = config_text(config);
  auto found = splits_.find(key);
  if (found == splits_.end()) {
    check(config);
    found = splits_.emplace(key, split_samples(whole(config), config)).first;
  }
  return found->second;
}

const Dataset& DataCache::test(const DataConfig& config) {
  const std::string key = config_text(source_of(config));
  auto found = tests_.find(key);
  if (found == tests_.end()) {
    found = tests_.emplace(key, load_test_split(source_of(config))).first;
  }
  return found->second;
}

DataIdentity DataCache::identity(const DataConfig& config) {
  DataIdentity identity = identify(splits(config));
  identity.test = test(config).fingerprint().hex();
  return identity;
}

std::shared_ptr<Teacher> DataCache::teacher(const TeacherRef& teacher, const DataConfig& data,
                                            const std::string& device) {
  std::shared_ptr<Teacher>& known = teachers_[{teacher, device}];
  if (known == nullptr) {
    known = open_teacher(teacher, data, splits(data).train, parse_device(device, "train.device"));
  }
  return known;
}

const DataCache::Reduction& DataCache::reduction(const TeacherRef& teacher, const DataConfig& data,
                                                 const std::string& device,
                                                 std::int64_t components) {
  const std::tuple key{teacher, config_text(data), device, components};
  auto found = reductions_.find(key);
  if (found == reductions_.end()) {
    const std::shared_ptr<Teacher> asked = this->teacher(teacher, data, device);
    const auto begin = std::chrono::steady_clock::now();
    Projection projection = fit_projection(*asked, splits(data).train, components);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    found = reductions_.emplace(key, Reduction{std::move(projection), elapsed.count()}).first;
  }
  return found->second;
}

double DataCache::teacher_top1_pct(const TeacherRef& teacher, const DataConfig& data,
                                   const std::string& device) {
  const auto known = teachers_top1_pct_.find(teacher);
  if (known != teachers_top1_pct_.end()) {
    return known->second;
  }
  return teachers_top1_pct_[teacher] =
             top1_pct(*this->teacher(teacher, data, device), splits(data).validation);
}

}  // namespace tandem
