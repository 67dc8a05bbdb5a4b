#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <sstream>
#include <stop_token>
#include <thread>

#include "expect_refusal.h"
#include "tandem/core/interrupted.h"
#include "tandem/jobs/run_here.h"
#include "tandem/jobs/serve_jobs.h"
#include "tandem/jobs/worker_pool.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<PooledJob> kJobs{{"first", "the first", 1}, {"second", "the second", 3}};

void ignore(const PoolProgress&) {}

/// Workers that are a line of shell, which answers each line that it reads.
WorkerPool shell_pool(const std::string& answer, std::size_t workers = 1,
                      const WorkerPatience& patience = {}) {
  return WorkerPool({"/bin/sh", "-c", "while read line; do " + answer + "; done"}, workers,
                    patience);
}

/// Asks to stop once the work has begun.
std::jthread stop_soon(std::stop_source& stop) {
  return std::jthread([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop.request_stop();
  });
}

/// "title: reason" of each.
std::vector<std::string> texts_of(const std::vector<FailedJob>& failures) {
  std::vector<std::string> texts;
  for (const FailedJob& failure : failures) {
    texts.push_back(failure.title + ": " + failure.reason);
  }
  return texts;
}

TEST(ServeJobs, AnswersEachLineAndGoesOnAfterAJobThatFailed) {
  std::istringstream input("good\nbad\ngood\n");
  std::ostringstream output;
  serve_jobs(
      [](const std::string& line, const OnProgress& progress, std::stop_token) {
        if (line == "bad") {
          throw std::runtime_error("two\nlines");
        }
        progress({1, 4, ""});
      },
      input, output, {});
  EXPECT_EQ(output.str(), "progress 1 4\ndone\nfailed two lines\nprogress 1 4\ndone\n");
}

TEST(ServeJobs, TakesNoFurtherJobOnceStopped) {
  std::istringstream input("one\ntwo\n");
  std::ostringstream output;
  std::stop_source stop;
  int begun = 0;
  serve_jobs(
      [&](const std::string&, const OnProgress&, std::stop_token) {
        ++begun;
        stop.request_stop();
        throw Interrupted();
      },
      input, output, stop.get_token());
  EXPECT_EQ(begun, 1);
  EXPECT_EQ(output.str(), "");
}

/// An output that takes nothing.
class ClosedOutput : public std::streambuf {
  int overflow(int) override { return traits_type::eof(); }
};

TEST(ServeJobs, TakesNoFurtherJobWhereNobodyCanHearOfIt) {
  std::istringstream input("one\ntwo\n");
  ClosedOutput closed;
  std::ostream output(&closed);
  int begun = 0;
  serve_jobs([&](const std::string&, const OnProgress&, std::stop_token) { ++begun; }, input,
             output, {});
  EXPECT_EQ(begun, 1);
}

TEST(RunHere, DoesJobsInOrderAndTellsShareByCost) {
  std::vector<std::string> done;
  std::vector<double> shares;
  run_here(
      kJobs,
      [&](const std::string& line, const OnProgress& progress, std::stop_token) {
        done.push_back(line);
        progress({1, 2, ""});
      },
      [&](const PoolProgress& progress) { shares.push_back(progress.share); }, {});
  EXPECT_EQ(done, (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(shares, (std::vector<double>{0, 0.125, 0.25, 0.625, 1}));
}

TEST(RunHere, SaysWhichJobFailedAndDoesTheOthers) {
  int done = 0;
  const auto failures = run_here(kJobs,
                                 [&](const std::string& line, const OnProgress&, std::stop_token) {
                                   if (line == "first") {
                                     throw std::runtime_error("no room");
                                   }
                                   ++done;
                                 },
                                 ignore, {});
  EXPECT_THAT(texts_of(failures), ElementsAre("the first: no room"));
  EXPECT_EQ(done, 1);
  expect_refusal([&] { check_none_failed(failures); }, {"the first: no room"});
}

TEST(RunHere, BeginsNothingOnceStopped) {
  std::stop_source stop;
  stop.request_stop();
  const auto never = [](const std::string&, const OnProgress&, std::stop_token) { FAIL(); };
  EXPECT_THROW(run_here(kJobs, never, ignore, stop.get_token()), Interrupted);
}

TEST(WorkerPool, DoesEveryJobAndSaysHowFarItIs) {
  WorkerPool pool = shell_pool("echo progress 1 2; sleep 0.3; echo done", 2);
  double highest = 0;
  PoolProgress last;
  pool.run(kJobs,
           [&](const PoolProgress& progress) {
             highest = progress.done == 0 ? std::max(highest, progress.share) : highest;
             last = progress;
           },
           {});
  EXPECT_GT(highest, 0);
  EXPECT_LE(highest, 0.5);
  EXPECT_EQ(last.done, 2u);
  EXPECT_EQ(last.share, 1);
  EXPECT_TRUE(last.running.empty());
}

TEST(WorkerPool, SaysWhichJobsFailedAndWhyAndDoesTheOthers) {
  WorkerPool pool = shell_pool(R"(test "$line" = first && echo failed no room || echo done)");
  PoolProgress last;
  const auto failures = pool.run(kJobs, [&](const PoolProgress& progress) { last = progress; }, {});
  EXPECT_THAT(texts_of(failures), ElementsAre("the first: no room"));
  EXPECT_EQ(last.done, 2u);
}

TEST(WorkerPool, NoticesAWorkerThatDiesAndStartsAnother) {
  WorkerPool pool = shell_pool(R"(test "$line" = first && kill -KILL $$ || echo done)");
  EXPECT_THAT(texts_of(pool.run(kJobs, ignore, {})),
              ElementsAre(AllOf(HasSubstr("the first: the worker process was killed"),
                                HasSubstr(std::to_string(SIGKILL)))));
}

TEST(WorkerPool, KillsAWorkerThatDoesNothing) {
  WorkerPool pool = shell_pool(R"(test "$line" = first && kill -STOP $$ || echo done)", 1,
                               {.idle = std::chrono::seconds(1)});
  EXPECT_THAT(texts_of(pool.run(kJobs, ignore, {})),
              ElementsAre(HasSubstr("the first: the worker process did nothing for 1 s")));
}

TEST(WorkerPool, LetsAWorkerComputeAsLongAsItTakes) {
  const std::string compute =
      "end=$(($(date +%s) + 3)); while [ $(date +%s) -lt $end ]; do :; done";
  WorkerPool pool = shell_pool(compute + "; echo done", 1, {.idle = std::chrono::seconds(2)});
  EXPECT_TRUE(pool.run({{"first", "the first", 1}}, ignore, {}).empty());
}

TEST(WorkerPool, KillsWorkersThatDoNotEndWhenAskedTo) {
  WorkerPool pool =
      shell_pool("trap '' TERM; while :; do sleep 0.1; done", 2, {.end = std::chrono::seconds(1)});
  std::stop_source stop;
  const std::jthread soon = stop_soon(stop);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(pool.run(kJobs, ignore, stop.get_token()), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(WorkerPool, KillsAWorkerThatLivesAndNoLongerAnswers) {
  WorkerPool pool =
      shell_pool("exec >&-; while :; do sleep 0.1; done", 2, {.end = std::chrono::seconds(1)});
  EXPECT_THAT(texts_of(pool.run(kJobs, ignore, {})),
              ElementsAre(HasSubstr("the first: the worker process was killed"),
                          HasSubstr("the second: the worker process was killed")));
}

TEST(WorkerPool, EndsItsWorkersOnStop) {
  WorkerPool pool = shell_pool("while :; do sleep 0.1; done");
  std::stop_source stop;
  const std::jthread soon = stop_soon(stop);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(pool.run(kJobs, ignore, stop.get_token()), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace tandem
