#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tandem {

/// What every command needs to know of the call.
struct Invocation {
  std::string program;  ///< path of this executable, to start workers with
  std::string command;  ///< the call as the user typed it, for provenance
};

// Each adds one command to the command line; it runs when CLI11 has parsed it and throws as the
// library does.
void add_data_command(CLI::App& app);
void add_teach_command(CLI::App& app);
void add_label_command(CLI::App& app, const Invocation& invocation);
void add_store_command(CLI::App& app, const Invocation& invocation);
void add_store_import_command(CLI::App& store);  ///< of `tandem store`
void add_score_command(CLI::App& app, const Invocation& invocation);
void add_train_command(CLI::App& app, const Invocation& invocation);
void add_study_command(CLI::App& app, const Invocation& invocation);
void add_report_command(CLI::App& app);

}  // namespace tandem
