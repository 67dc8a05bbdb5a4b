#include "config_arguments.h"

namespace tandem {

ConfigTable ConfigArguments::table() const {
  // Without a file the first word is a key=value already.
  const bool has_file = !file.empty() && file.find('=') == std::string::npos;
  ConfigTable table = has_file ? ConfigTable::from_file(file) : ConfigTable("command line");
  if (!has_file && !file.empty()) {
    table.assign(file);
  }
  for (const std::string& assignment : overrides) {
    table.assign(assignment);
  }
  return table;
}

void add_config_arguments(CLI::App& command, ConfigArguments& arguments, const std::string& what,
                          const std::string& example) {
  command.add_option("file", arguments.file, what + " (TOML), or the first key=value");
  command.add_option("overrides", arguments.overrides, "key=value, e.g. " + example);
}

}  // namespace tandem
