#include "tandem/target/mapping_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace tandem {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const TargetConfig kSoft{.granularity = "view", .content = "probs", .teacher = "weak"};

TargetConfig with_rules(TargetConfig config, const std::vector<std::string>& rules) {
  config.switches = rules;
  return config;
}

std::string text_of(const PlannedMapping& planned) {
  return config_text(config_of(planned.spec));
}

std::string rule_refusal(const TargetConfig& config) {
  try {
    plan_mappings(config);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

std::string rule_refusal(const std::string& rule) {
  return rule_refusal(with_rules(kSoft, {rule}));
}

TEST(SwitchRule, ReadsEveryEventAndWritesItBack) {
  for (const char* text : {"step:200 teacher=strong", "epoch:0.5 teacher=strong",
                           "passes-teacher granularity=class content=one-hot",
                           "rela content=logits", "rela:0.9:0.5 content=logits"}) {
    EXPECT_EQ(SwitchRule::parse(text).text(), text);
  }
  const SwitchRule rela = SwitchRule::parse("rela:0.9:0.5 content=logits");
  EXPECT_EQ(rela.event.fast, 0.9);
  EXPECT_EQ(rela.event.slow, 0.5);
  const SwitchEvent usual = SwitchRule::parse("rela content=logits").event;
  EXPECT_EQ(usual.fast, 0.999);
  EXPECT_EQ(usual.slow, 0.99);
}

TEST(SwitchRule, KeepsSpacesInsideQuotes) {
  const SwitchRule rule =
      SwitchRule::parse("step:2  teacher=\"my \\\" teachers/a b\" shuffle=true");
  EXPECT_THAT(rule.assignments, ElementsAre("teacher=\"my \\\" teachers/a b\"", "shuffle=true"));
}

TEST(PlanMappings, ReplaceTheNamedKeysOfTheMappingBefore) {
  const auto mappings = plan_mappings(with_rules(
      kSoft, {"step:10 granularity=class content=one-hot", "step:20 granularity=view content=probs",
              "step:30 teacher=strong temperature=4"}));
  ASSERT_EQ(mappings.size(), 4u);
  EXPECT_EQ(text_of(mappings[0]), config_text(resolve(kSoft)));
  EXPECT_EQ(text_of(mappings[1]), config_text(resolve({})));
  EXPECT_EQ(text_of(mappings[2]), text_of(mappings[0])) << "soft again, with its teacher";
  EXPECT_EQ(mappings[3].spec.teacher.text(), "strong");
  EXPECT_EQ(mappings[3].spec.temperature, 4);
  EXPECT_EQ(mappings[1].until->at, 20);
  EXPECT_FALSE(mappings[3].until);
}

TEST(PlanMappings, MayBringATeacherThatTheFirstMappingHasNoUseFor) {
  TargetConfig hard;
  hard.teacher = "strong";
  hard.temperature = 4;
  const TargetConfig config = with_rules(hard, {"step:10 granularity=view content=probs"});
  EXPECT_EQ(plan_mappings(config)[1].spec.teacher.text(), "strong");
  // The resolved form blanks the teacher of one-hot targets, and must not lose it.
  const MappingPlan resolved = plan_mappings(resolve(config));
  EXPECT_EQ(resolved[1].spec.teacher.text(), "strong");
  EXPECT_EQ(resolved[1].spec.temperature, 4);
  EXPECT_THAT(teachers_of(resolved), ElementsAre(TeacherRef::parse("strong")));
}

TEST(ResolveTarget, GivesTheSameMappingsAndTheSameTextWhenResolvedAgain) {
  TargetConfig sample = kSoft;
  sample.granularity = "sample";
  sample.fusion = "mean:4";
  sample.temperature = 4;
  for (const TargetConfig& config :
       {with_rules(kSoft, {"step:10 granularity=class content=one-hot",
                           "step:20 granularity=view content=probs temperature=2"}),
        with_rules(sample, {"epoch:0.25 granularity=view", "rela content=logits",
                            "passes-teacher granularity=class content=smoothed smoothing=0.2"}),
        with_rules(kSoft, {"step:1 granularity=sample teacher=\"a b.safetensors\"",
                           "step:2 teacher='true'", "step:3 fusion=mean:2"}),
        with_rules(kSoft, {"step:1 teacher=weak", "step:2 temperature=1"})}) {
    const TargetConfig resolved = resolve(config);
    EXPECT_EQ(config_text(resolve(resolved)), config_text(resolved));
    const auto expected = plan_mappings(config), found = plan_mappings(resolved);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_EQ(text_of(found[k]), text_of(expected[k])) << config_text(resolved);
    }
  }
}

TEST(ResolveTarget, NamesJustTheKeysThatChangeSoThatEqualSchedulesHaveEqualConfigs) {
  const auto resolved = [](const std::string& rule) {
    return resolve(with_rules(kSoft, {rule})).switches;
  };
  EXPECT_EQ(resolved("step:9 content=one-hot granularity=class"),
            resolved("step:9 granularity=class content=\"one-hot\" teacher=weak temperature=3"));
  EXPECT_THAT(resolved("step:9 content=one-hot granularity=class fusion=mean:2"),
              ElementsAre("step:9 granularity=class content=one-hot"));
}

TEST(PlanMappings, RefuseUnknownEventsAndNameTheNearest) {
  EXPECT_THAT(rule_refusal("stpe:200 teacher=strong"),
              AllOf(HasSubstr("'stpe:200 teacher=strong'"), HasSubstr("did you mean 'step'?"),
                    HasSubstr("passes-teacher")));
  EXPECT_THAT(rule_refusal("pass-teacher teacher=strong"), HasSubstr("'passes-teacher'?"));
  EXPECT_THAT(rule_refusal("passes-teacher:3 teacher=strong"), HasSubstr("unknown event"));
}

TEST(PlanMappings, RefuseNumbersThatAreNoneAndThoseThatLeaveTheFirstMappingNoStep) {
  for (const char* bad : {"step", "step:", "step:x", "step:1.5", "step:3steps"}) {
    EXPECT_THAT(rule_refusal(std::string(bad) + " teacher=strong"),
                HasSubstr("step:N with a whole number"))
        << bad;
  }
  for (const char* bad : {"epoch", "epoch:x", "epoch:nan", "epoch:inf"}) {
    EXPECT_THAT(rule_refusal(std::string(bad) + " teacher=strong"), HasSubstr("epoch:X")) << bad;
  }
  for (const char* bad : {"step:0", "step:-3", "epoch:0", "epoch:-1"}) {
    EXPECT_THAT(rule_refusal(std::string(bad) + " teacher=strong"), HasSubstr("> 0")) << bad;
  }
  for (const char* bad : {"rela:", "rela:0.9", "rela:0.9:1", "rela:0:0.5", "rela:0.9:0.9:0.9"}) {
    EXPECT_THAT(rule_refusal(std::string(bad) + " teacher=strong"), HasSubstr("rela:FAST:SLOW"))
        << bad;
  }
}

TEST(PlanMappings, RefuseKeysThatAMappingHasNot) {
  EXPECT_THAT(rule_refusal("step:2 techer=strong"),
              AllOf(HasSubstr("'step:2 techer=strong'"), HasSubstr("did you mean 'teacher'?")));
  EXPECT_THAT(rule_refusal("step:2 switch=x"), HasSubstr("unknown key 'switch'"));
  EXPECT_THAT(rule_refusal("step:2 temperature=hot"), HasSubstr("must be a number"));
  EXPECT_THAT(rule_refusal("step:2 strong"), HasSubstr("key=value"));
  EXPECT_THAT(rule_refusal("step:2 teacher=a teacher=b"), HasSubstr("a second time"));
  EXPECT_THAT(rule_refusal("step:2"), HasSubstr("expected keys of [target]"));
  EXPECT_THAT(rule_refusal(""), HasSubstr("EVENT"));
}

TEST(PlanMappings, RefuseMappingsThatDoNotExistAndQuoteTheRule) {
  EXPECT_THAT(rule_refusal("step:2 content=one-hot"),
              AllOf(HasSubstr("'step:2 content=one-hot'"), HasSubstr("granularity = 'class'")));
  EXPECT_THAT(rule_refusal("step:2 teacher=\"\""), HasSubstr("needs a teacher"));
  EXPECT_THAT(rule_refusal("step:2 content=hot"), HasSubstr("one-hot, smoothed"));
}

TEST(PlanMappings, RefuseStepsThatDoNotAscend) {
  EXPECT_THAT(rule_refusal(with_rules(kSoft, {"step:20 teacher=strong", "step:10 teacher=weak"})),
              AllOf(HasSubstr("'step:10 teacher=weak'"), HasSubstr("waits for 20")));
  EXPECT_THAT(rule_refusal(with_rules(kSoft, {"step:20 teacher=strong", "rela teacher=weak",
                                              "step:20 teacher=strong"})),
              HasSubstr("waits for 20"));
  EXPECT_THAT(rule_refusal(with_rules(kSoft, {"epoch:2 teacher=s", "epoch:1.5 teacher=w"})),
              HasSubstr("waits for 2"));
}

TEST(PlanMappings, RefuseToWaitUntilATeacherIsPassedWhereNoneAnswers) {
  EXPECT_THAT(rule_refusal(with_rules({}, {"passes-teacher content=smoothed"})),
              HasSubstr("has no teacher to pass"));
  EXPECT_THAT(rule_refusal(with_rules(kSoft, {"step:3 granularity=class content=one-hot",
                                              "passes-teacher content=smoothed"})),
              HasSubstr("(class one-hot)"));
}

}  // namespace
}  // namespace tandem
