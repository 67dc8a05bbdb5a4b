#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands.h"
#include "tandem/report/page.h"
#include "tandem/report/terminal_table.h"
#include "tandem/study/study_folder.h"

namespace tandem {

void add_report_command(CLI::App& app) {
  auto root = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>();
  CLI::App* report = app.add_subcommand("report", "write a study's page and CSV files");
  report->add_option("folder", *root, "folder of the study, e.g. runs/quickstart")->required();
  report->add_option("--out", *out, "folder of the report (default <folder>/report)");
  report->footer("Example:\n  tandem report runs/quickstart --out results/quickstart");
  report->callback([root, out] {
    const StudyFolder folder{std::filesystem::path(*root)};
    const StudyRecord study = read_study(folder, plan_study(folder.config(), {}));
    const std::filesystem::path target =
        out->empty() ? folder.report() : std::filesystem::path(*out);
    write_report(study, target);
    fmt::print("{}\nreport: {}\n", terminal_table(study), (target / "index.html").string());
  });
}

}  // namespace tandem
