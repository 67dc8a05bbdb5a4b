#pragma once

#include <toml++/toml.h>

#include <string>

#include "config_origins.h"
#include "tandem/core/config.h"

namespace tandem {

struct ConfigTable::Data {
  toml::table table;
  ConfigOrigins origins;
};

/// A value as TOML text, for messages.
std::string toml_text(const toml::node& node);

}  // namespace tandem
