#include "tandem/record/study_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace tandem {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TrialRecord example() {
  TrialRecord trial;
  trial.id = "view-probs-strong-r0.1-s3";
  trial.cell = "view probs \"strong\" \xC3\xA9";
  trial.rate = 0.1;
  trial.seed = std::numeric_limits<std::uint64_t>::max();
  trial.outcome = "finished";
  trial.parameters = 78042;
  trial.labelling_s = 1.0 / 3;
  trial.evaluations = {{10, 0.1 + 0.2, 1e-300, 5e-324, 1.7976931348623157e308, -0.0, 71.3}};
  trial.switches = {{5, "step:5 teacher=strong", 1}};
  trial.tests = {{10, 2.0 / 3, 100.0 / 7}};
  trial.provenance.command = "tandem study run a.toml";
  trial.provenance.cores = 2;
  return trial;
}

std::string refusal(const std::string& json) {
  try {
    trial_from_json(json, "trials/x/record.json");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(TrialJson, BringsEveryNumberBackExactly) {
  const TrialRecord trial = example();
  const TrialRecord back = trial_from_json(trial_to_json(trial), "here");
  EXPECT_EQ(back.id, trial.id);
  EXPECT_EQ(back.cell, trial.cell);
  EXPECT_EQ(back.seed, trial.seed);
  EXPECT_EQ(back.rate, trial.rate);
  EXPECT_EQ(back.labelling_s, trial.labelling_s);
  ASSERT_EQ(back.evaluations.size(), 1u);
  EXPECT_EQ(back.evaluations[0].epochs, trial.evaluations[0].epochs);
  EXPECT_EQ(back.evaluations[0].train_s, trial.evaluations[0].train_s);
  EXPECT_EQ(back.evaluations[0].teacher_s, trial.evaluations[0].teacher_s);
  EXPECT_EQ(back.evaluations[0].train_loss, trial.evaluations[0].train_loss);
  EXPECT_TRUE(std::signbit(back.evaluations[0].validation_loss));
  EXPECT_EQ(back.evaluations[0].validation_top1_pct, 71.3);
  ASSERT_EQ(back.tests.size(), 1u);
  EXPECT_EQ(back.tests[0].loss, trial.tests[0].loss);
  EXPECT_EQ(back.tests[0].top1_pct, trial.tests[0].top1_pct);
  ASSERT_EQ(back.switches.size(), 1u);
  EXPECT_EQ(back.switches[0].step, 5);
  EXPECT_EQ(back.switches[0].rule, "step:5 teacher=strong");
  EXPECT_EQ(back.switches[0].phase, 1);
  EXPECT_EQ(back.provenance.command, trial.provenance.command);
  EXPECT_EQ(back.provenance.cores, 2);
  EXPECT_EQ(trial_to_json(back), trial_to_json(trial));
}

TEST(TrialJson, WritesNanAsNullAndReadsItBack) {
  TrialRecord trial = example();
  trial.evaluations[0].train_loss = std::numeric_limits<double>::quiet_NaN();
  trial.evaluations[0].validation_loss = std::numeric_limits<double>::infinity();
  const std::string json = trial_to_json(trial);
  EXPECT_THAT(json, HasSubstr("\"train_loss\": null"));
  const TrialRecord back = trial_from_json(json, "here");
  EXPECT_TRUE(std::isnan(back.evaluations[0].train_loss));
  EXPECT_TRUE(std::isnan(back.evaluations[0].validation_loss));
}

TEST(TrialJson, ReadsARecordWithoutTheListOfSwitchesAsOneWithoutSwitches) {
  TrialRecord trial = example();
  trial.switches.clear();
  std::string json = trial_to_json(trial);
  const std::string list = " \"switches\": [],\n";
  ASSERT_NE(json.find(list), std::string::npos);
  json.erase(json.find(list), list.size());
  EXPECT_TRUE(trial_from_json(json, "here").switches.empty());
}

TEST(TrialJson, RefusesBrokenJsonAndNamesItsSource) {
  const std::string whole = trial_to_json(example());
  for (const std::string& broken :
       {std::string(), std::string("[]"), std::string("{"), whole.substr(0, whole.size() / 2)}) {
    EXPECT_THAT(refusal(broken), StartsWith("trials/x/record.json: ")) << broken;
  }
}

TEST(TrialJson, NamesTheKeyThatIsMissingOrOfAnotherType) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string json = trial_to_json(example());
    json.replace(json.find(from), from.size(), to);
    return json;
  };
  EXPECT_THAT(refusal(with("\"top1_pct\"", "\"top5_pct\"")),
              AllOf(HasSubstr("tests[0].top1_pct"), HasSubstr("found none")));
  EXPECT_THAT(refusal(with("\"parameters\": 78042", "\"parameters\": \"many\"")),
              AllOf(HasSubstr("parameters"), HasSubstr("found string")));
  EXPECT_THAT(refusal(with("\"seed\": 18446744073709551615", "\"seed\": -1")), HasSubstr("seed"));
  EXPECT_THAT(refusal(with("\"version\": 1", "\"version\": 2")),
              HasSubstr("expected version 1, found 2"));
}

}  // namespace
}  // namespace tandem
