#include "tandem/core/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::ThrowsMessage;

struct Momentum {
  double rate = 0.9;
  bool nesterov = true;

  void visit(ConfigVisitor& visitor) {
    visitor.field("rate", rate);
    visitor.field("nesterov", nesterov);
  }
};

struct Optimiser {
  double learning_rate = 0.1;
  Momentum momentum;

  void visit(ConfigVisitor& visitor) {
    visitor.field("learning_rate", learning_rate);
    visitor.section("momentum", momentum);
  }
};

struct Settings {
  std::string model = "resnet";
  std::int64_t epochs = 10;
  std::vector<std::int64_t> widths = {16, 32};
  std::vector<double> rates = {0.5};
  std::vector<std::string> tags;
  Optimiser optimiser;

  void visit(ConfigVisitor& visitor) {
    visitor.field("model", model);
    visitor.field("epochs", epochs);
    visitor.field("widths", widths);
    visitor.field("rates", rates);
    visitor.field("tags", tags);
    visitor.section("optimiser", optimiser);
  }
};

Settings read(const ConfigTable& table) {
  Settings settings;
  table.read_into(settings);
  return settings;
}

Settings read(std::string_view text) {
  return read(ConfigTable::from_text(text, "run.toml"));
}

auto refuses(const auto& message) {
  return ThrowsMessage<std::invalid_argument>(message);
}

TEST(Config, KeepsDefaultsWhereTheFileIsSilent) {
  EXPECT_EQ(config_text(read("")), config_text(Settings{}));
}

TEST(Config, ReadsScalarsListsAndNestedSections) {
  const Settings settings = read(R"(
    model = "vgg"
    epochs = 3
    widths = [8]
    rates = [1, 2.5]
    tags = ["a", "b"]
    [optimiser]
    learning_rate = 1
    momentum = { nesterov = false }
  )");
  EXPECT_EQ(settings.model, "vgg");
  EXPECT_EQ(settings.epochs, 3);
  EXPECT_THAT(settings.widths, ElementsAre(8));
  EXPECT_THAT(settings.rates, ElementsAre(1.0, 2.5));
  EXPECT_THAT(settings.tags, ElementsAre("a", "b"));
  EXPECT_EQ(settings.optimiser.learning_rate, 1.0);
  EXPECT_FALSE(settings.optimiser.momentum.nesterov);
  EXPECT_EQ(settings.optimiser.momentum.rate, 0.9);
}

TEST(Config, TakesASingleValueForAListOfOne) {
  EXPECT_THAT(read("widths = 4").widths, ElementsAre(4));
}

TEST(Config, ReadsLargeIntegersAsNumbers) {
  EXPECT_EQ(read("rates = [9007199254740993]").rates.front(), 9007199254740992.0);
}

TEST(Config, WritesEveryKeyInTheOrderOfTheStruct) {
  EXPECT_EQ(config_text(Settings{}),
            "model = \"resnet\"\nepochs = 10\nwidths = [16, 32]\nrates = [0.5]\ntags = []\n"
            "\n[optimiser]\nlearning_rate = 0.1\n"
            "\n[optimiser.momentum]\nrate = 0.9\nnesterov = true\n");
}

TEST(Config, ReadsBackWhatItWrites) {
  Settings settings;
  settings.model = "quote \" apostrophe ' backslash \\ line\nend tab\t bell\x07 delete\x7f \u00e9";
  settings.epochs = std::numeric_limits<std::int64_t>::min();
  settings.rates = {1.0 / 3, 1e300, 5e-324, -0.0, 1e16, std::numeric_limits<double>::infinity()};
  settings.tags = {"", "#", "[x]", "\r\n", "C:\\folder"};
  settings.optimiser.momentum.rate = 2;
  const Settings again = read(config_text(settings));
  EXPECT_EQ(again.model, settings.model);
  EXPECT_EQ(again.epochs, settings.epochs);
  EXPECT_EQ(again.rates, settings.rates);
  EXPECT_TRUE(std::signbit(again.rates[3]));
  EXPECT_EQ(again.tags, settings.tags);
  EXPECT_EQ(config_text(again), config_text(settings));
}

TEST(Config, GivesEqualTextForEqualConfigsHoweverTheyWereWritten) {
  EXPECT_EQ(config_text(read("epochs = 1_0\nmodel = 'vgg'")),
            config_text(read("model = \"vgg\" # small")));
}

TEST(Config, PlacesAnUnknownKeyAndNamesTheNearest) {
  EXPECT_THAT([] { read("epochs = 1\n\n[optimiser]\nlearning_rat = 1"); },
              refuses(AllOf(StartsWith("run.toml:4: unknown key 'optimiser.learning_rat'"),
                            HasSubstr("did you mean 'optimiser.learning_rate'?"))));
}

TEST(Config, ListsTheKnownKeysWhenNoneIsNear) {
  EXPECT_THAT([] { read("zzzzzz = 1"); },
              refuses(AllOf(Not(HasSubstr("did you mean")),
                            HasSubstr("known: model, epochs, widths, rates, tags, optimiser"))));
}

TEST(Config, RefusesValuesOfAnotherTypeWithTheirPlace) {
  EXPECT_THAT([] { read("model = 'x'\nepochs = 1.0"); },
              refuses("run.toml:2: 'epochs' must be an integer, got 1.0"));
  EXPECT_THAT([] { read("epochs = true"); }, refuses(HasSubstr("'epochs' must be an integer")));
  EXPECT_THAT([] { read("model = 3"); }, refuses(HasSubstr("'model' must be text, got 3")));
  EXPECT_THAT([] { read("rates = ['1']"); }, refuses(HasSubstr("'rates' must be a number")));
  EXPECT_THAT([] { read("epochs = [1]"); }, refuses(HasSubstr("'epochs' must be an integer")));
  EXPECT_THAT([] { read("optimiser = 3"); }, refuses(HasSubstr("'optimiser' must be a table")));
  EXPECT_THAT([] { read("optimiser.momentum.nesterov = 0"); },
              refuses(HasSubstr("'optimiser.momentum.nesterov' must be true or false")));
}

TEST(ConfigTable, PlacesBrokenTomlByLineAndColumn) {
  EXPECT_THAT([] { read("epochs = 1\nmodel = "); }, refuses(StartsWith("run.toml:2:")));
  EXPECT_THAT([] { read("epochs = 1\nepochs = 2"); }, refuses(StartsWith("run.toml:2:")));
}

TEST(ConfigTable, NamesTheFileItWasReadFrom) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "study.toml";
  EXPECT_THAT([&] { ConfigTable::from_file(path); },
              ThrowsMessage<std::runtime_error>(HasSubstr(path.string())));
  write_file_atomically(path, "\nepoch = 3");
  EXPECT_THAT([&] { read(ConfigTable::from_file(path)); },
              refuses(StartsWith(path.string() + ":2: unknown key 'epoch'")));
}

TEST(ConfigTable, TakesAssignmentsOverTheFile) {
  ConfigTable table = ConfigTable::from_text("epochs = 1\n[optimiser]\nlearning_rate = 0.2");
  table.assign("epochs=5");
  table.assign("model=vgg");
  table.assign("tags = ['a', 'b']");
  table.assign("optimiser.momentum.rate=0.5");
  const Settings settings = read(table);
  EXPECT_EQ(settings.epochs, 5);
  EXPECT_EQ(settings.model, "vgg");
  EXPECT_THAT(settings.tags, ElementsAre("a", "b"));
  EXPECT_EQ(settings.optimiser.learning_rate, 0.2);
  EXPECT_EQ(settings.optimiser.momentum.rate, 0.5);
}

TEST(ConfigTable, TakesAssignedTextThatIsNotTomlAsItStands) {
  for (const std::string text :
       {"pool:4", "a=b", "1x", "two words", "", "a\nepochs = 3", "1\nepochs = 3"}) {
    ConfigTable table;
    table.assign("model=" + text);
    const Settings settings = read(table);
    EXPECT_EQ(settings.model, text);
    EXPECT_EQ(settings.epochs, 10);
  }
}

TEST(ConfigTable, BlamesTheAssignmentAndNotTheFile) {
  ConfigTable table = ConfigTable::from_text("\n\nepochs = 1", "run.toml");
  table.assign("epochs=many");
  EXPECT_THAT([&] { read(table); }, refuses(StartsWith("'epochs=many': 'epochs' must be")));
}

TEST(ConfigTable, RefusesAssignmentsThatNameNoKey) {
  ConfigTable table = ConfigTable::from_text("epochs = 1");
  for (const std::string_view wrong : {"epochs", "=3", " = 3", "", ".a=1", "a.=1", "a..b=1"}) {
    EXPECT_THAT([&] { table.assign(wrong); }, refuses(HasSubstr("expected"))) << wrong;
  }
  EXPECT_THAT([&] { table.assign("epochs.more=1"); }, refuses(HasSubstr("'epochs' is a value")));
}

TEST(ConfigTable, KeepsPlacesInCopies) {
  const ConfigTable table = ConfigTable::from_text("\n\n[optimiser]\nrate = 1", "run.toml");
  ConfigTable copy = table;
  EXPECT_THAT([&] { read(copy); }, refuses(StartsWith("run.toml:4:")));
  ConfigTable moved = std::move(copy);
  copy = table;
  EXPECT_EQ(copy.to_text(), moved.to_text());
}

TEST(ConfigTable, GivesASectionAway) {
  ConfigTable table =
      ConfigTable::from_text("epochs = 2\n[optimiser]\nlearning_rat = 3", "run.toml");
  const ConfigTable taken = table.take_table("optimiser");
  EXPECT_EQ(read(table).epochs, 2);
  Optimiser optimiser;
  EXPECT_THAT([&] { taken.read_into(optimiser); },
              refuses(StartsWith("run.toml:3: unknown key 'learning_rat'")));
  EXPECT_EQ(table.take_table("optimiser").to_text(), "");
  EXPECT_THAT([&] { table.take_table("epochs"); },
              refuses(StartsWith("run.toml:1: 'epochs' must be a table")));
}

TEST(ConfigTable, GivesAListOfTablesAway) {
  ConfigTable table =
      ConfigTable::from_text("[[arm]]\nmodel = 'a'\n[[arm]]\nmodel = 'b'\nepoch = 3", "study.toml");
  const std::vector<ConfigTable> arms = table.take_tables("arm");
  ASSERT_EQ(arms.size(), 2u);
  EXPECT_EQ(read(arms[0]).model, "a");
  EXPECT_THAT([&] { read(arms[1]); }, refuses(StartsWith("study.toml:5: unknown key 'epoch'")));
  EXPECT_THAT(table.take_tables("arm"), IsEmpty());
  table.assign("arm=3");
  EXPECT_THAT([&] { table.take_tables("arm"); }, refuses(HasSubstr("must be a list of tables")));
}

TEST(ConfigTable, ExpandsListsToEveryCombinationInTheOrderOfTheFile) {
  const ConfigTable table = ConfigTable::from_text(
      "model = ['b', 'a']\nepochs = [1, 2]\n[optimiser]\nlearning_rate = [0.1, 0.2]\n");
  // A copy must keep the order too.
  const std::vector<ConfigTable> cells = ConfigTable(table).expand_lists();
  std::vector<std::string> found;
  for (const ConfigTable& cell : cells) {
    const Settings settings = read(cell);
    found.push_back(settings.model + std::to_string(settings.epochs) +
                    (settings.optimiser.learning_rate == 0.1 ? "-" : "+"));
  }
  EXPECT_THAT(found, ElementsAre("b1-", "b1+", "b2-", "b2+", "a1-", "a1+", "a2-", "a2+"));
}

TEST(ConfigTable, OrdersListsByLineWhateverTheSectionsAreCalled) {
  ConfigTable table =
      ConfigTable::from_text("[optimiser]\nlearning_rate = [1, 2]\nmomentum.rate = [3, 4]");
  table.assign("epochs=[5, 6]");  // comes last
  const auto cells = table.expand_lists();
  ASSERT_EQ(cells.size(), 8u);
  EXPECT_EQ(read(cells[1]).epochs, 6);
  EXPECT_EQ(read(cells[2]).optimiser.momentum.rate, 4);
  EXPECT_EQ(read(cells[4]).optimiser.learning_rate, 2);
}

TEST(ConfigTable, ExpandsAListOfListsToLists) {
  const auto cells = ConfigTable::from_text("widths = [[1, 2], [3]]").expand_lists();
  ASSERT_EQ(cells.size(), 2u);
  EXPECT_THAT(read(cells[0]).widths, ElementsAre(1, 2));
  EXPECT_THAT(read(cells[1]).widths, ElementsAre(3));
}

TEST(ConfigTable, ExpandsToItselfWithoutLists) {
  const ConfigTable table = ConfigTable::from_text("epochs = 3\n[optimiser]\nlearning_rate = 1");
  const auto cells = table.expand_lists();
  ASSERT_EQ(cells.size(), 1u);
  EXPECT_EQ(cells[0].to_text(), table.to_text());
}

TEST(ConfigTable, RefusesToExpandAnEmptyList) {
  const ConfigTable table = ConfigTable::from_text("\nepochs = []", "study.toml");
  EXPECT_THAT([&] { table.expand_lists(); }, refuses(StartsWith("study.toml:2: 'epochs'")));
}

TEST(ConfigTable, WritesTomlThatReadsBackTheSame) {
  const ConfigTable table =
      ConfigTable::from_text("epochs = 3\ntags = ['x']\n[optimiser]\nmomentum = {rate = 1}");
  EXPECT_EQ(config_text(read(table.to_text())), config_text(read(table)));
}

/// What has ended strings early, or changed, in writers of TOML before.
std::vector<std::string> nasty_texts() {
  std::vector<std::string> texts = {"",
                                    "'",
                                    "\"",
                                    "'\"",
                                    "''",
                                    "\"\"",
                                    "'''",
                                    "\"\"\"",
                                    "'''\"\"\"",
                                    "\\",
                                    "\\\\",
                                    "ends in a backslash\\",
                                    "C:\\new",
                                    "\\u0041",
                                    "# no comment",
                                    "[base]",
                                    "a = 1",
                                    "a\nb = 2",
                                    "a\r\nb",
                                    "\n",
                                    "\t tab",
                                    " blanks ",
                                    "true",
                                    "1e5",
                                    "\"\nseeds = [9]\n#",
                                    "'\nseeds = [9]\n#",
                                    "'''\nseeds = [9]\n#'''",
                                    "\"\"\"\nseeds = [9]\n#\"\"\"",
                                    "\xC3\xA9",
                                    "\xE2\x80\xA8",
                                    "\xF0\x9F\x98\x80",
                                    "\xEF\xBB\xBFmark",
                                    "\xC2\x85",
                                    std::string("nul\0", 4)};
  for (char control = 1; control < 0x20; ++control) {
    texts.push_back(std::string("x") + control + "y");
  }
  texts.push_back("x\x7Fy");
  const std::vector<std::string> parts = {"'", "\"", "\\", "\n", "=", "[x]"};
  for (const std::string& a : parts) {
    for (const std::string& b : parts) {
      for (const std::string& c : parts) {
        texts.push_back(a + b + c);
      }
    }
  }
  return texts;
}

TEST(Config, BringsEveryTextBackOrRefusesToWriteIt) {
  for (const std::string& text : nasty_texts()) {
    Settings config;
    config.model = text;
    config.tags = {text, "b", text};
    Settings back;
    ConfigTable::from_text(config_text(config)).read_into(back);
    EXPECT_EQ(back.model, text);
    EXPECT_EQ(back.tags, config.tags);
    EXPECT_EQ(config_text(back), config_text(config));
  }
  Settings config;
  config.tags = {"\xff"};
  EXPECT_THAT([&] { config_text(config); }, refuses(HasSubstr("'tags': expected text in UTF-8")));
}

TEST(ConfigTable, BringsEveryTextBackHoweverItCameIn) {
  for (const std::string& text : nasty_texts()) {
    Settings config;
    config.model = text;
    config.tags = {text};
    Settings back;
    const ConfigTable table = ConfigTable::from_text(config_text(config));
    ConfigTable::from_text(table.to_text()).read_into(back);
    EXPECT_EQ(config_text(back), config_text(config)) << table.to_text();
    ConfigTable assigned;
    assigned.assign("model = " + text);
    Settings direct, read_again;
    try {
      assigned.read_into(direct);
    } catch (const std::invalid_argument&) {
      continue;  // what is TOML of another type
    }
    ConfigTable::from_text(assigned.to_text()).read_into(read_again);
    EXPECT_EQ(config_text(read_again), config_text(direct)) << assigned.to_text();
  }
}

TEST(ConfigTable, RefusesAssignmentsThatAreNotUtf8) {
  ConfigTable table;
  for (const char* assignment : {"model=\xff", "model='\xc3('", "\xff=1"}) {
    EXPECT_THAT([&] { table.assign(assignment); }, refuses(HasSubstr("UTF-8")));
  }
  EXPECT_EQ(table.to_text(), "");
}

TEST(NearestWord, IsTheOneWithTheFewestEdits) {
  EXPECT_EQ(nearest_word("epoch", {"model", "epochs", "epochal"}), "epochs");
  EXPECT_EQ(nearest_word("lerning_rate", {"learning_rate", "warmup"}), "learning_rate");
}

TEST(NearestWord, IsEmptyWhenNothingIsNear) {
  EXPECT_EQ(nearest_word("zzzzzz", {"model", "epochs"}), "");
  EXPECT_EQ(nearest_word("x", {}), "");
}

TEST(Config, RefusesListsOfMoreCombinationsThanAnybodyTrains) {
  std::string text;
  for (char key = 'a'; key <= 'j'; ++key) {
    text += std::string(1, key) + " = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
  }
  try {
    ConfigTable::from_text(text, "grid.toml").expand_lists();
    ADD_FAILURE() << "expected a std::invalid_argument";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(
        error.what(),
        "grid.toml:6: the lists make more than 100000 combinations, of which 'f' is the last");
  }
}

}  // namespace
}  // namespace tandem
