#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

/// Walks over the keys of a configuration struct. A config is a plain struct with defaults and one
/// `void visit(ConfigVisitor&)` that names each field once; from that single list follow reading,
/// writing the resolved form, and errors that name the nearest known key.
class ConfigVisitor {
 public:
  virtual ~ConfigVisitor() = default;
  virtual void field(std::string_view key, bool& value) = 0;
  virtual void field(std::string_view key, std::int64_t& value) = 0;
  virtual void field(std::string_view key, double& value) = 0;
  virtual void field(std::string_view key, std::string& value) = 0;
  virtual void field(std::string_view key, std::vector<std::int64_t>& value) = 0;
  virtual void field(std::string_view key, std::vector<double>& value) = 0;
  virtual void field(std::string_view key, std::vector<std::string>& value) = 0;

  /// A nested struct under its own table.
  template <typename Config>
  void section(std::string_view key, Config& config) {
    enter(key);
    config.visit(*this);
    leave();
  }

 protected:
  virtual void enter(std::string_view key) = 0;
  virtual void leave() = 0;
};

/// A parsed TOML table, not yet given to any struct. A value type that keeps where it came from.
class ConfigTable {
 public:
  /// An empty table; `source` names it in error messages.
  explicit ConfigTable(std::string source = "configuration");
  ~ConfigTable();
  ConfigTable(const ConfigTable&);
  ConfigTable(ConfigTable&&) noexcept;
  ConfigTable& operator=(const ConfigTable&);
  ConfigTable& operator=(ConfigTable&&) noexcept;

  /// Throws std::runtime_error for an unreadable file and std::invalid_argument, with line and
  /// column, for broken TOML.
  static ConfigTable from_file(const std::filesystem::path& path);
  static ConfigTable from_text(std::string_view text, std::string source = "configuration");

  /// Sets one dotted key from `key=value`; the value is TOML, or text where it is not valid TOML.
  /// Missing tables on the way are made. Throws std::invalid_argument.
  void assign(std::string_view assignment);

  /// Removes and returns the table or the array of tables under `key`, empty if there is none.
  ConfigTable take_table(std::string_view key);
  std::vector<ConfigTable> take_tables(std::string_view key);

  /// Every combination of the values of keys that hold lists, in the order of the file; a table
  /// without lists gives itself. Dotted keys in `except` keep their lists. (A grid's cell is such a
  /// table.)
  std::vector<ConfigTable> expand_lists(const std::vector<std::string>& except = {}) const;

  /// Fills `config`; keys that are absent keep their defaults. Unknown keys and wrong types are
  /// std::invalid_argument with the source, the line and the nearest known key.
  template <typename Config>
  void read_into(Config& config) const {
    read([&](ConfigVisitor& visitor) { config.visit(visitor); });
  }

  /// TOML text.
  std::string to_text() const;

 private:
  void read(const std::function<void(ConfigVisitor&)>& visit) const;

  struct Data;
  std::unique_ptr<Data> data_;
};

namespace detail {
std::string write_config(const std::function<void(ConfigVisitor&)>& visit);
}

/// The resolved form: every key with its value, as TOML text in the order of `visit`. Equal configs
/// give equal text.
template <typename Config>
std::string config_text(Config config) {
  return detail::write_config([&](ConfigVisitor& visitor) { config.visit(visitor); });
}

/// The candidate with the smallest edit distance to `word`, empty if none is near.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace tandem
