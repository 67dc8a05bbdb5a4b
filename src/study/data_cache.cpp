#include "tandem/study/data_cache.h"

#include "tandem/label/open_teacher.h"
#include "tandem/target/teacher_accuracy.h"

namespace tandem {

const Splits& DataCache::splits(const DataConfig& config) {
  const std::string key = config_text(config);
  auto found = splits_.find(key);
  if (found == splits_.end()) {
    found = splits_.emplace(key, load_splits(config)).first;
  }
  return found->second;
}

const Dataset& DataCache::test(const DataConfig& config) {
  // What is made of the training part does not touch the test split.
  const DataConfig source{.name = config.name,
                          .folder = config.folder,
                          .size = config.size,
                          .skip_bad = config.skip_bad};
  const std::string key = config_text(source);
  auto found = tests_.find(key);
  if (found == tests_.end()) {
    found = tests_.emplace(key, load_test_split(source)).first;
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
  std::shared_ptr<Teacher>& known = teachers_[teacher];
  if (known == nullptr) {
    known = open_teacher(teacher, data, splits(data).train, device);
  }
  return known;
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
