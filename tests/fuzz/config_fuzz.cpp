// The readers of configuration: TOML, assignments, and what a study file makes of them.

#include "file_bytes.h"
#include "fuzz_target.h"
#include "tandem/core/config.h"
#include "tandem/study/study_config.h"

namespace tandem {

void read_input(std::string_view text) {
  read_or_refuse([&] { ConfigTable("words").assign(text); });
  read_or_refuse([&] {
    const ConfigTable table = ConfigTable::from_text(text, "fuzz");
    must_hold(ConfigTable::from_text(table.to_text(), "again").to_text() == table.to_text(),
              "a table reads as it was written");
    study_text(read_study_config(table));
  });
}

void write_seeds(const std::filesystem::path& folder) {
  const auto write = [&](const std::string& name, const std::string& text) {
    write_bytes(folder / name, Bytes(text.begin(), text.end()));
  };
  write("assignment", "data.train = 100");
  write(
      "study",
      "name = \"s\"\nseeds = [0, 1]\nrates = [0.1]\nbudgets = [10]\n[base]\ndata.name = \"mnist\"\n"
      "views.policy = \"flip\"\n[[cell]]\nname = \"a\"\nbaseline = true\n"
      "target.granularity = [\"class\", \"sample\"]\n[[cell]]\ntarget.switch = [\"step:5 x=1\"]\n");
  write("ladder", "[teach]\nrungs = [\"a\", \"b\"]\nsteps = [1, 2]\n[base.train]\nbatch = 8\n");
}

}  // namespace tandem
