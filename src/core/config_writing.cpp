#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "tandem/core/config.h"

namespace tandem {
namespace {

/// Writes keys and values of a struct; tables after plain keys, as TOML demands.
class WritingVisitor : public ConfigVisitor {
 public:
  WritingVisitor() { levels_.emplace_back(); }

  void field(std::string_view key, bool& value) override { line(key, value ? "true" : "false"); }
  void field(std::string_view key, std::int64_t& value) override { line(key, text(value)); }
  void field(std::string_view key, double& value) override { line(key, text(value)); }
  void field(std::string_view key, std::string& value) override { line(key, text(value)); }
  void field(std::string_view key, std::vector<std::int64_t>& value) override { list(key, value); }
  void field(std::string_view key, std::vector<double>& value) override { list(key, value); }
  void field(std::string_view key, std::vector<std::string>& value) override { list(key, value); }

  std::string result() const { return levels_.front().keys + levels_.front().tables; }

 protected:
  void enter(std::string_view key) override {
    const std::string& path = levels_.back().path;
    Level level;
    level.path = path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
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
