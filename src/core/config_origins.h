#pragma once

#include <toml++/toml.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace tandem {

/// Where the keys of a configuration came from and in which order, by dotted path ("a.b", and
/// "list[0].b" below an array of tables). toml++ forgets the place of a node that is copied.
class ConfigOrigins {
 public:
  explicit ConfigOrigins(std::string source) : source_(std::move(source)) {}

  /// Notes every key of a table that was just parsed, in the order of the text.
  void note(const toml::table& parsed);

  /// Notes one key. A key that was known keeps its position and changes its place.
  void note(std::string path, std::string place);

  /// The origins at and below `path`, seen from there.
  ConfigOrigins below(std::string_view path) const;

  /// "source:line" of a key, of the nearest key above it that is known, or just the source.
  const std::string& place(std::string_view path) const;

  /// Position of a key in the text, or of the nearest key above it that is known.
  std::size_t order(std::string_view path) const;

  const std::string& source() const { return source_; }

 private:
  struct Origin {
    std::string place;
    std::size_t order;
  };
  const Origin* find(std::string_view path) const;

  std::string source_;
  std::map<std::string, Origin, std::less<>> origins_;
  std::size_t next_ = 0;
};

}  // namespace tandem
