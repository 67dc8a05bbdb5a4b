#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "commands.h"
#include "tandem/core/printable.h"
#include "tandem/record/study_folder.h"
#include "tandem/report/csv.h"
#include "tandem/report/page.h"
#include "tandem/report/terminal_table.h"

namespace tandem {
namespace {

struct ReportArguments {
  std::string folder;
  std::string out;
  bool json = false;
};

void write_files(const ReportArguments& arguments) {
  const StudyFolder folder{std::filesystem::path(arguments.folder)};
  const StudyRecord study = read_study(folder);
  if (arguments.json) {
    fmt::print("{}", whole_json(study));
    return;
  }
  const std::filesystem::path target =
      arguments.out.empty() ? folder.report() : std::filesystem::path(arguments.out);
  write_report(study, target);
  fmt::print("{}\nreport: {}\n", terminal_table(study),
             printable((target / "index.html").string()));
}

std::string columns_text() {
  std::string text = "Columns of the CSV files:";
  for (const CsvTable& table : csv_tables()) {
    text += fmt::format("\n{}: {}\n", table.file, table.rows);
    for (const FieldInfo& column : table.columns) {
      text += fmt::format("  {:<22}{}\n", column.key, column.words);
    }
  }
  return text;
}

}  // namespace

void add_report_command(CLI::App& app) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* report = app.add_subcommand("report", "write a study's page and CSV files");
  report->add_option("folder", arguments->folder, "folder of the study, e.g. runs/quickstart")
      ->required();
  report->add_option("--out", arguments->out, "folder of the report (default <folder>/report)");
  report->add_flag("--json", arguments->json, "print every record as JSON, and write nothing");
  report->footer(
      "Examples:\n"
      "  tandem report runs/quickstart --out page\n"
      "  tandem report runs/quickstart --json | jq '.trials[].tests'\n"
      "The folder is all it reads: neither data, teachers nor stores need be there.\n\n" +
      columns_text());
  report->callback([arguments] { write_files(*arguments); });
}

}  // namespace tandem
