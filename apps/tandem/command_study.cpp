#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "commands.h"
#include "console.h"
#include "decode_progress.h"
#include "failure_text.h"
#include "hold_folder.h"
#include "study_progress.h"
#include "tandem/core/machine.h"
#include "tandem/core/printable.h"
#include "tandem/core/stop_on_signal.h"
#include "tandem/jobs/serve_jobs.h"
#include "tandem/jobs/worker_pool.h"
#include "tandem/report/page.h"
#include "tandem/report/terminal_table.h"
#include "tandem/study/run_study.h"
#include "tandem/study/study_worker.h"
#include "worker_command.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

struct StudyArguments {
  std::string file;
  std::vector<std::string> overrides;
  std::string out;
  bool dry_run = false;
  std::size_t workers = default_workers();
};

void print_plan(const StudyPlan& plan) {
  for (const Cell& cell : plan.cells) {
    fmt::print("# cell \"{}\"{}\n{}\n", printable(cell.record.name, LineEnds::kShown),
               cell.record.baseline ? " (baseline)" : "", config_text(cell.trial));
  }
  if (plan.has_ladder()) {
    fmt::print("# teach\n{}\n", config_text(plan.ladder));
  }
  fmt::print("# {} cells x {} rates x {} seeds = {} trials\n", plan.cells.size(),
             plan.config.rates.size(), plan.config.seeds.size(), plan.trials.size());
}

void run_command(const StudyArguments& arguments, const Invocation& invocation) {
  const StopOnSignal stop;
  const StudyPlan plan =
      plan_study(read_study_config(fs::path(arguments.file), arguments.overrides));
  if (arguments.dry_run) {
    print_plan(plan);
    return;
  }
  const StudyFolder folder(arguments.out.empty() ? fs::path("runs") / plan.config.name
                                                 : fs::path(arguments.out));
  const FolderLock lock = hold_folder(folder.root(), stop);
  tell("{}: {} cells x {} rates x {} seeds = {} trials, {} workers, into {}\n",
       printable(plan.config.name, LineEnds::kShown), plan.cells.size(), plan.config.rates.size(),
       plan.config.seeds.size(), plan.trials.size(), arguments.workers,
       printable(folder.root().string()));
  const StudyOptions options{.workers = arguments.workers,
                             .worker_command = worker_command(invocation, {"study", "worker"}),
                             .command = invocation.command};
  decode_pictures(plan.base.data, true, stop.token());
  StudyProgress observer;
  const StudyRecord study = run_study(plan, folder, options, observer, stop.token());
  write_report(study, folder.report());
  fmt::print("{}\nreport: {}\n", terminal_table(study),
             printable((folder.report() / "index.html").string()));
  check_nothing_failed(study);
}

void print_status(const StudyRecord& study) {
  const std::size_t per_cell = study.rates.size() * study.seeds.size();
  fmt::print("{}: {} of {} trials done\n", printable(study.name, LineEnds::kShown),
             study.trials.size(), study.planned.size());
  for (const CellRecord& cell : study.cells) {
    const auto count = [&](std::string_view outcome) {
      return std::count_if(study.trials.begin(), study.trials.end(), [&](const TrialRecord& t) {
        return t.cell == cell.name && t.outcome == outcome;
      });
    };
    fmt::print("  {:<40} {:>4} finished, {} diverged, of {}\n",
               printable(cell.name, LineEnds::kShown), count("finished"), count("diverged"),
               per_cell);
  }
  if (!study.failures.empty()) {
    fmt::print("failed, to be tried again by the next run:\n{}", printable(failure_text(study)));
  }
}

void work(pid_t parent) {
  end_with_parent(parent);
  const StopOnSignal stop(WorkerPatience{}.end);
  DataCache data;
  StudyWorker worker(data);
  serve_jobs(jobs_of(worker), std::cin, std::cout, stop.token());
}

}  // namespace

void add_study_command(CLI::App& app, const Invocation& invocation) {
  CLI::App* study = app.add_subcommand("study", "compare strategies over a grid of trials");
  study->require_subcommand(1);

  auto arguments = std::make_shared<StudyArguments>();
  CLI::App* run = study->add_subcommand("run", "run what is not done yet, then report");
  run->add_option("file", arguments->file, "study file (TOML)")->required();
  run->add_option("overrides", arguments->overrides, "key=value, e.g. base.train.batch=64");
  run->add_option("--out", arguments->out, "folder of the results (default runs/<name>)");
  run->add_option("--workers", arguments->workers,
                  "worker processes (default: what the machine has room for)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  run->add_flag("--dry-run", arguments->dry_run, "print every cell's resolved config, run nothing");
  run->footer(
      "Examples:\n"
      "  tandem study run studies/quickstart.toml\n"
      "  tandem study run studies/quickstart.toml --out runs/two-seeds 'seeds=[0, 1]'\n"
      "Ctrl-C keeps what is done; the same command goes on from there.");
  run->callback([arguments, invocation] { run_command(*arguments, invocation); });

  auto out = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  CLI::App* status = study->add_subcommand("status", "what of a study is done");
  status->add_option("folder", *out, "folder of the study, e.g. runs/quickstart")->required();
  status->add_flag("--json", *json, "print study.json: cells, sizes, every planned trial");
  status->callback([out, json] {
    const StudyRecord record = read_study(StudyFolder(fs::path(*out)));
    if (*json) {
      fmt::print("{}", to_json(record));
    } else {
      print_status(record);
    }
  });

  CLI::App* worker = study->add_subcommand("worker", "does jobs for `study run`");
  worker->group("");  // not for people
  auto parent = std::make_shared<pid_t>(0);
  worker->add_option("--parent", *parent);
  worker->callback([parent] { work(*parent); });
}

}  // namespace tandem
