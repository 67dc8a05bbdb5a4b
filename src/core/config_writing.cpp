#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tandem/core/config.h"
#include "tandem/core/utf8.h"

namespace tandem {
namespace {

/// Writes keys and values of a struct; tables after plain keys, as TOML demands.
class WritingVisitor : public ConfigVisitor {
 public:
  WritingVisitor() { levels_.emplace_back(); }

  void field(std::string_view key, bool& value) override { line(key, value ? "true" : "false"); }
  void field(std::string_view key, std::int64_t& value) override { line(key, text(value)); }
  void field(std::string_view key, double& value) override { line(key, text(value)); }
  void field(std::string_view key, std::string& value) override {
    check(key, value);
    line(key, text(value));
  }
  void field(std::string_view key, std::vector<std::int64_t>& value) override { list(key, value); }
  void field(std::string_view key, std::vector<double>& value) override { list(key, value); }
  void field(std::string_view key, std::vector<std::string>& value) override {
    for (const std::string& each : value) {
      check(key, each);
    }
    list(key, value);
  }

  std::string result() const { return levels_.front().keys + levels_.front().tables; }

 protected:
  void enter(std::string_view key) override {
    Level level;
    level.path = path_to(key);
    levels_.push_back(std::move(level));
  }

  void leave() override {
    const Level level = levels_.back();
    levels_.pop_back();
    levels_.back().tables += fmt::format("\n[{}]\n{}{}", level.path, level.keys, level.tables);
  }

 private:
  struct Level {
    std::string path, keys, tables;
  };

  std::string path_to(std::string_view key) const {
    const std::string& path = levels_.back().path;
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
  }

  void check(std::string_view key, const std::string& value) const {
    if (!is_utf8(value)) {
      throw std::invalid_argument(
          fmt::format("'{}': expected text in UTF-8, found other bytes", path_to(key)));
    }
  }

  static std::string text(std::int64_t value) { return fmt::format("{}", value); }
  static std::string text(double value) {
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
  /// A TOML basic string. Written here and not by toml++, whose choice of quotes may change, since
  /// equal configs must give equal text.
  static std::string text(const std::string& value) {
    std::string quoted = "\"";
    for (const char character : value) {
      const auto code = static_cast<unsigned char>(character);
      if (character == '"' || character == '\\') {
        quoted += {'\\', character};
      } else if (code < 0x20 || code == 0x7f) {
        quoted += fmt::format("\\u{:04X}", code);
      } else {
        quoted += character;
      }
    }
    return quoted + '"';
  }

  template <typename Value>
  void list(std::string_view key, const std::vector<Value>& values) {
    std::vector<std::string> texts;
    for (const Value& value : values) {
      texts.push_back(text(value));
    }
    line(key, fmt::format("[{}]", fmt::join(texts, ", ")));
  }

  void line(std::string_view key, std::string_view value) {
    levels_.back().keys += fmt::format("{} = {}\n", key, value);
  }

  std::vector<Level> levels_;
};

}  // namespace

std::string detail::write_config(const std::function<void(ConfigVisitor&)>& visit) {
  WritingVisitor visitor;
  visit(visitor);
  return visitor.result();
}

}  // namespace tandem
