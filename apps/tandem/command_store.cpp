#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "commands.h"
#include "config_arguments.h"
#include "failure_text.h"
#include "hold_folder.h"
#include "store_text.h"
#include "study_progress.h"
#include "tandem/core/machine.h"
#include "tandem/core/printable.h"
#include "tandem/core/stop_on_signal.h"
#include "tandem/label/labelling.h"
#include "tandem/report/page.h"
#include "tandem/report/summary.h"
#include "tandem/study/compare_stores.h"
#include "tandem/target/reencode.h"
#include "worker_command.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

struct CompareArguments {
  std::string store;
  std::vector<std::string> encodings = {"fp16", "u8", "top-k:3:fp16", "top-k:3:u8"};
  ConfigArguments trial;
  std::int64_t seeds = 5;
  std::string out = "runs/encodings";
  std::size_t workers = default_workers();
};

void print_errors(const std::vector<EncodedStore>& stores) {
  fmt::print("{:<16} {:>12} {:>14} {:>14} {:>12}\n", "encoding", "bytes/target", "mean KL (nats)",
             "highest KL", "rel. error");
  const TargetStore dense(stores.front().path);
  for (const EncodedStore& encoded : stores) {
    const TargetStore store(encoded.path);
    const StoreDescription& d = store.description();
    const EncodingError error = encoding_error(dense, store);
    const bool probs = d.content == Content::kProbs;
    fmt::print("{:<16} {:>12} {:>14} {:>14} {:>12.2e}\n", encoded.encoding,
               bytes_per_target(d.encoding, d.content, d.width),
               probs ? fmt::format("{:.2e}", error.mean_kl) : "-",
               probs ? fmt::format("{:.2e}", error.highest_kl) : "-", error.relative);
  }
}

std::string interval(const Estimate& estimate) {
  if (estimate.n == 0) {
    return "-";
  }
  return estimate.n == 1 ? fmt::format("{:.2f}", estimate.mean)
                         : fmt::format("{:.2f} ± {:.2f}", estimate.mean, estimate.half_width);
}

void print_students(const StudyRecord& study) {
  const Summary summary = summarise(study);
  fmt::print("\n{:<16} {:>18} {:>22}\n", "encoding", "test top-1 (%)", "minus dense (points)");
  for (const CellSummary& cell : summary.cells) {
    const BudgetSummary& budget = cell.budgets.back();
    fmt::print("{:<16} {:>18} {:>22}\n", cell.cell.name, interval(budget.test_last),
               cell.cell.baseline ? "-" : interval(budget.difference));
  }
  const SeedCounts seeds = seed_counts(summary);
  fmt::print("mean and 95 % interval over {} seeds, {} steps; differences are paired by seed\n",
             seeds.fewest == seeds.most ? fmt::format("{}", seeds.most)
                                        : fmt::format("{} to {}", seeds.fewest, seeds.most),
             study.budgets.back());
}

void compare(const CompareArguments& arguments, const Invocation& invocation) {
  const StopOnSignal stop;
  const fs::path out(arguments.out);
  const FolderLock lock = hold_folder(out, stop);
  const std::vector<EncodedStore> stores =
      encode_all(arguments.store, arguments.encodings, out / "stores");
  print_errors(stores);
  if (arguments.trial.file.empty()) {
    return;
  }
  TrialConfig trial;
  arguments.trial.table().read_into(trial);
  const StudyPlan plan = plan_store_comparison(trial, stores, arguments.seeds);
  const StudyFolder folder(out);
  StudyProgress progress;
  const StudyRecord study =
      run_study(plan, folder,
                {.workers = arguments.workers,
                 .worker_command = worker_command(invocation, {"study", "worker"}),
                 .command = invocation.command},
                progress, stop.token());
  check_nothing_failed(study);
  write_report(study, folder.report());
  print_students(study);
  fmt::print("report: {}\n", printable((folder.report() / "index.html").string()));
}

void add_compare(CLI::App& store, const Invocation& invocation) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = store.add_subcommand(
      "compare", "bytes and error of each encoding, and what they do to students");
  command->add_option("store", arguments->store, "an fp32 store")->required();
  command->add_option("overrides", arguments->trial.overrides, "key=value of the trial");
  command->add_option("--encodings", arguments->encodings, "encodings to compare");
  command->add_option("--train", arguments->trial.file, "trial file (TOML): also train students");
  command->add_option("--seeds", arguments->seeds, "students per encoding (default 5)")
      ->check(CLI::Range(1, 1000));
  command->add_option("--out", arguments->out, "folder of the encoded stores and the study");
  command
      ->add_option("--workers", arguments->workers,
                   "worker processes (default: what the machine has room for)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  command->footer(
      "Examples:\n"
      "  tandem store compare runs/view.safetensors --encodings fp16 u8 top-k:3:u8\n"
      "  tandem store compare runs/view.safetensors train.steps=800 --train trials/student.toml");
  command->callback([arguments, invocation] { compare(*arguments, invocation); });
}

}  // namespace

void add_store_command(CLI::App& app, const Invocation& invocation) {
  CLI::App* store = app.add_subcommand("store", "stores of targets: look into, check, re-encode");
  store->require_subcommand(1);

  auto path = std::make_shared<std::string>();
  CLI::App* show = store->add_subcommand("show", "what a store holds and whom it belongs to");
  show->add_option("store", *path, "what `tandem label` wrote")->required();
  show->callback([path] { fmt::print("{}", store_text(*path)); });

  CLI::App* verify = store->add_subcommand("verify", "check every byte against its checksum");
  verify->add_option("store", *path, "what `tandem label` wrote")->required();
  verify->callback([path] {
    const TargetStore checked(*path);
    checked.verify();
    fmt::print("{}: {} targets, all as written\n", printable(*path), checked.count());
  });

  auto encoding = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>();
  CLI::App* encode = store->add_subcommand("encode", "write a store anew in another encoding");
  encode->add_option("store", *path, "an fp32 store")->required();
  encode->add_option("--encoding", *encoding, "fp32, fp16, u8, top-k:K:fp16 or top-k:K:u8")
      ->required();
  encode->add_option("--out", *out, "the new store's file")->required();
  encode->footer(
      "Example:\n  tandem store encode runs/dense.safetensors --encoding top-k:5:u8 "
      "--out runs/top5.safetensors");
  encode->callback([path, encoding, out] {
    if (fs::exists(*out)) {
      throw std::invalid_argument(*out + " is there already; choose another --out or delete it");
    }
    copy_label_record(*path, *out);
    reencode(TargetStore(*path), Encoding::parse(*encoding), *out);
    fmt::print("{}", store_text(*out));
  });
  add_store_import_command(*store);
  add_compare(*store, invocation);
}

}  // namespace tandem
