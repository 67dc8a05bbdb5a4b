#include "tandem/study/job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem {
namespace {

Job trial_job() {
  Job job{.kind = "trial", .result = "runs/a b/trials/x", .command = "tandem 'x\ny'"};
  job.trial.target = resolve({.granularity = "view", .content = "probs", .teacher = "t"});
  job.trial.train.rate = 0.1 + 0.2;
  job.names = {"t"};
  job.files = {"teachers/\"t\".safetensors"};
  job.stores = {""};
  job.budgets = {10, 20};
  return job;
}

TEST(Job, IsOneLineAndComesBackWhole) {
  const Job job = trial_job();
  const std::string line = to_line(job);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(config_text(parse_job(line)), config_text(job));
}

TEST(Job, BringsEveryTextToItsWorkerAsItIs) {
  for (const char* text : {"'", "\"", "'''", "\"\"\"\nkind = 'x'\n", "\\", "\\n", "\n", "\r",
                           "\x01\x1f\x7f", "\xC3\xA9"}) {
    Job job = trial_job();
    job.cell = job.result = job.command = job.trial.data.folder = text;
    job.files = job.sources = job.content = {text, text, ""};
    const Job back = parse_job(to_line(job));
    EXPECT_EQ(back.cell, text);
    EXPECT_EQ(back.trial.data.folder, text);
    EXPECT_EQ(back.files, job.files);
    EXPECT_EQ(config_text(back), config_text(job));
  }
}

TEST(Job, RefusesWhatIsNoneAndWhatIsNotUtf8) {
  for (const char* bad : {"", "trial 3", "\"kind = 3\"", "{}"}) {
    EXPECT_THROW(parse_job(bad), std::invalid_argument) << bad;
  }
  Job job = trial_job();
  job.cell = "\xff";
  EXPECT_THROW(to_line(job), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
