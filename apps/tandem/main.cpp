#include <fmt/format.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "commands.h"
#include "console.h"
#include "inherited_signals.h"
#include "tandem/core/allocation.h"
#include "tandem/core/error_text.h"
#include "tandem/core/interrupted.h"
#include "tandem/core/machine.h"
#include "tandem/core/printable.h"

namespace {

constexpr int kFailed = 1;
constexpr int kWrongCall = 2;
constexpr int kInterrupted = 130;

tandem::Invocation describe_call(int argc, char** argv) {
  tandem::Invocation invocation{.program = std::filesystem::read_symlink("/proc/self/exe").string(),
                                .command = "tandem"};
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool quoted = word.find_first_of(" []\"'") != std::string::npos;
    invocation.command += quoted ? fmt::format(" '{}'", word) : " " + word;
  }
  return invocation;
}

int run(int argc, char** argv) {
  tandem::keep_freed_memory();
  tandem::check_address_space();
  const tandem::Invocation invocation = describe_call(argc, argv);
  CLI::App app{
      "Tandem trains image classifiers and compares how samples share targets: per class, per\n"
      "sample or per view, one-hot or from a teacher.\n"};
  app.name("tandem");
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "help for every command");
  app.footer(
      "Examples:\n"
      "  tandem study run studies/quickstart.toml      compare mappings, write a report\n"
      "  tandem report runs/quickstart                 write the report again\n"
      "  tandem train trials/fashion-mnist-baseline.toml train.rate=0.1\n"
      "Exit codes: 0 done, 1 the run failed, 2 the call was wrong, 130 interrupted (the same\n"
      "command goes on where it stopped; score begins again).");
  tandem::add_data_command(app);
  tandem::add_teach_command(app);
  tandem::add_label_command(app, invocation);
  tandem::add_store_command(app, invocation);
  tandem::add_score_command(app, invocation);
  tandem::add_train_command(app, invocation);
  tandem::add_study_command(app, invocation);
  tandem::add_report_command(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongCall;
  }
  return 0;
}

int fail(const std::exception& error, int code) {
  tandem::tell("tandem: {}\n", tandem::printable(tandem::error_text(error)));
  return code;
}

int answer(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const tandem::Interrupted& error) {
    return fail(error, kInterrupted);
  } catch (const std::invalid_argument& error) {
    return fail(error, kWrongCall);
  } catch (const std::system_error& error) {
    if (std::ferror(stdout) == 0) {
      return fail(error, kFailed);
    }
    tandem::say_results_are_lost(error.code().value());
    return kFailed;
  } catch (const std::exception& error) {
    return fail(error, kFailed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  tandem::hold_console();
  tandem::ignore_inherited_signals();
  const int code = answer(argc, argv);
  return code != 0 || tandem::flush_results() ? code : kFailed;
}
