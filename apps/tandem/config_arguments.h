#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tandem/core/config.h"

namespace tandem {

/// The arguments of a command that takes a config: a TOML file, if any, and then key=value.
struct ConfigArguments {
  std::string file;
  std::vector<std::string> overrides;

  /// The file with the overrides in it. Throws what ConfigTable throws.
  ConfigTable table() const;
};

/// Adds both to `command`; `what` is the file's, `example` a key=value of it.
void add_config_arguments(CLI::App& command, ConfigArguments& arguments, const std::string& what,
                          const std::string& example);

}  // namespace tandem
