#include "tandem/record/study_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "tandem/record/fields.h"
#include "tandem/record/study_folder.h"
#include "temporary_folder.h"

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
  const TrialRecord back = trial_from_json(to_json(trial), "here");
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
  EXPECT_EQ(to_json(back), to_json(trial));
}

TEST(TrialJson, WritesNanAsNullAndReadsItBack) {
  TrialRecord trial = example();
  trial.evaluations[0].train_loss = std::numeric_limits<double>::quiet_NaN();
  trial.evaluations[0].validation_loss = std::numeric_limits<double>::infinity();
  const std::string json = to_json(trial);
  EXPECT_THAT(json, HasSubstr("\"train_loss\": null"));
  const TrialRecord back = trial_from_json(json, "here");
  EXPECT_TRUE(std::isnan(back.evaluations[0].train_loss));
  EXPECT_TRUE(std::isnan(back.evaluations[0].validation_loss));
}

TEST(TrialJson, OfAnOlderVersionHasNanForWhatItLacksAndNothingElse) {
  std::string json = to_json(example());
  const auto replace = [&](const std::string& from, const std::string& to) {
    ASSERT_NE(json.find(from), std::string::npos) << from;
    json.replace(json.find(from), from.size(), to);
  };
  replace("\"version\": 3", "\"version\": 1");
  replace("\"labelling_s\"", "\"unknown_to_us\"");
  replace("\"switches\"", "\"other_list\"");
  const TrialRecord trial = trial_from_json(json, "here");
  EXPECT_TRUE(std::isnan(trial.labelling_s));
  EXPECT_TRUE(trial.switches.empty());
  EXPECT_EQ(trial.parameters, 78042);
}

TEST(TrialJson, RefusesBrokenJsonAndNamesItsSource) {
  const std::string whole = to_json(example());
  for (const std::string& broken :
       {std::string(), std::string("{"), whole.substr(0, whole.size() / 2)}) {
    EXPECT_THAT(refusal(broken), StartsWith("trials/x/record.json: ")) << broken;
  }
}

TEST(TrialJson, NamesTheKeyThatIsMissingOrOfAnotherType) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string json = to_json(example());
    json.replace(json.find(from), from.size(), to);
    return json;
  };
  EXPECT_THAT(refusal(with("\"top1_pct\"", "\"top5_pct\"")),
              AllOf(HasSubstr("tests[0].top1_pct"), HasSubstr("found none")));
  EXPECT_THAT(refusal(with("\"parameters\": 78042", "\"parameters\": \"many\"")),
              AllOf(HasSubstr("parameters"), HasSubstr("found string")));
  EXPECT_THAT(refusal(with("\"seed\": 18446744073709551615", "\"seed\": -1")), HasSubstr("seed"));
  EXPECT_THAT(refusal(with("\"version\": 3", "\"version\": 4")),
              HasSubstr("expected version 1..3, found 4"));
}

StudyRecord study_example() {
  StudyRecord study;
  study.name = "s";
  study.class_names = {"a", "b"};
  study.train = {.size = 7, .fingerprint = "ab"};
  study.goals_pct = {60.5};
  study.rates = {0.1};
  study.seeds = {3};
  study.cells = {{"hard", "class", "one-hot", "", "", true, {"later"}}};
  study.teachers = {{"weak", 5, 0.25, 70, "mlp", "cd"}};
  study.planned = {{"r0.1-s3-00", "hard", 0.1, 3}, {"", "hard", 0.2, 3}};
  return study;
}

TEST(StudyJson, BringsEverythingBack) {
  const StudyRecord study = study_example();
  EXPECT_EQ(to_json(study_from_json(to_json(study), "here")), to_json(study));
}

TEST(StudyJson, OfVersion2DoesNotKnowACellsBatchPairingAndTeachers) {
  StudyRecord study = study_example();
  study.cells[0].batch_size = 64;
  study.cells[0].paired_in = "weights";
  study.cells[0].teachers = {"weak"};
  nlohmann::json json = nlohmann::json::parse(to_json(study));
  json["version"] = 2;
  for (const char* key : {"batch_size", "paired_in", "teachers"}) {
    ASSERT_EQ(json["cells"][0].erase(key), 1u) << key;
  }
  const CellRecord cell = study_from_json(json.dump(), "here").cells[0];
  EXPECT_TRUE(std::isnan(cell.batch_size));
  EXPECT_EQ(cell.paired_in, "");
  EXPECT_TRUE(cell.teachers.empty());
  EXPECT_EQ(cell.later_teachers, study.cells[0].later_teachers);
}

TEST(CellRecord, HasATeacherWhereItsTargetsAreNotOfLabelsAlone) {
  EXPECT_FALSE((CellRecord{.content = "one-hot"}).has_teacher());
  EXPECT_FALSE((CellRecord{.content = "smoothed"}).has_teacher());
  EXPECT_TRUE((CellRecord{.content = "probs"}).has_teacher()) << "one behind a store";
  EXPECT_TRUE((CellRecord{.content = "one-hot", .later_teachers = {"weak"}}).has_teacher());
}

TEST(ReadStudy, ReadsWhatStandsInTheFolderAndNothingElse) {
  const TemporaryFolder root;
  const StudyFolder folder(root.path());
  EXPECT_THAT([&] { read_study(folder); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("no study.json")));
  write_file_atomically(folder.record(), to_json(study_example()));
  EXPECT_TRUE(read_study(folder).trials.empty());
  TrialRecord trial = example();
  trial.id = "r0.1-s3-00";
  write_file_atomically(trial_record_path(folder.trial(trial.id)), to_json(trial));
  const StudyRecord study = read_study(folder);
  ASSERT_EQ(study.trials.size(), 1u);
  EXPECT_EQ(study.trials[0].cell, "hard") << "as the study names it now";
  EXPECT_EQ(study.provenance.command, trial.provenance.command);
}

TEST(ReadStudy, SaysHowAFolderOfTheOlderFormatGetsWhatItLacks) {
  const TemporaryFolder root;
  const StudyFolder folder(root.path());
  write_file_atomically(folder.config(), "name = 's'");
  EXPECT_THAT([&] { read_study(folder); },
              testing::ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr("older format"), HasSubstr("tandem study run"))));
}

TEST(ScalarFields, OfEveryRecordHaveDifferentKeysAndWords) {
  for (const auto& fields : {scalar_fields<Evaluation>(), scalar_fields<TrialRecord>(),
                             scalar_fields<CellRecord>(), scalar_fields<Provenance>()}) {
    std::set<std::string> keys;
    for (const FieldInfo& field : fields) {
      EXPECT_TRUE(keys.insert(field.key).second) << field.key;
      EXPECT_FALSE(field.words.empty()) << field.key;
    }
  }
}

}  // namespace
}  // namespace tandem
