// A worker is given what was planned, and loads its data itself: both must be of one content.

#include "tandem/study/study_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/dataset/catalog.h"
#include "temporary_folder.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

Job job_of(const std::string& kind, const DataConfig& data, const std::string& result) {
  DataCache cache;
  const DataIdentity parts = cache.identity(data);
  Job job{.kind = kind, .result = result, .content = {parts.train, parts.validation, parts.test}};
  job.trial.data = data;
  job.data = data;
  job.label.data = data;
  return job;
}

TEST(StudyWorker, RefusesAJobWhoseDataHasChangedSinceItWasPlanned) {
  static std::int64_t drawn = 1;  // what the data is made of
  register_dataset({.name = "changing"}, [](std::string name, Split, const LoadOptions&) {
    const Dataset toy = toy_dataset(10, 4, static_cast<std::uint64_t>(drawn));
    return Dataset(std::move(name), toy.images(), toy.labels(), toy.class_names());
  });
  const TemporaryFolder folder;
  const DataConfig data{.name = "changing", .folder = folder.path().string(), .validation = 8};
  for (const char* kind : {"teach", "label", "trial", "test"}) {
    drawn = 1;
    const Job job = job_of(kind, data, (folder.path() / "result").string());
    drawn = 2;
    DataCache cache;
    StudyWorker worker(cache);
    FitObserver silent;
    EXPECT_THAT([&] { worker.run(job, silent, {}); },
                testing::ThrowsMessage<std::runtime_error>(
                    testing::HasSubstr("changed while the study ran")))
        << kind;
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "result.partial")) << kind;
  }
}

}  // namespace
}  // namespace tandem
