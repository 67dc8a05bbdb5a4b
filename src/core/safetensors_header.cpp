#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>
#include <stdexcept>
#include <tuple>

#include "safetensors_format.h"
#include "tandem/core/safetensors.h"

namespace tandem {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the reference implementation's limit
constexpr int kMaxHeaderDepth = 4;

/// Throws std::runtime_error with the file's name in front of every complaint.
class HeaderReader {
 public:
  HeaderReader(std::string_view name) : name_(name) {}

  [[noreturn]] void refuse(const std::string& why) const {
    throw std::runtime_error(fmt::format("{}: not a valid safetensors file: {}", name_, why));
  }

  /// JSON with two rules that the plain parser lacks: no duplicate keys and no deep nesting.
  Json parse_json(std::string_view text) const {
    if (text.find('\0') != std::string_view::npos) {
      refuse("the header is not JSON (it holds a zero byte, where the parser would end)");
    }
    std::vector<std::set<std::string>> open_objects;
    const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
      if (depth > kMaxHeaderDepth) {
        refuse("the header is nested too deeply");
      }
      if (event == Json::parse_event_t::object_start) {
        open_objects.emplace_back();
      } else if (event == Json::parse_event_t::object_end) {
        open_objects.pop_back();
      } else if (event == Json::parse_event_t::key &&
                 !open_objects.back().insert(parsed.get<std::string>()).second) {
        refuse(fmt::format("key '{}' appears twice", parsed.get<std::string>()));
      }
      return true;
    };
    try {
      return Json::parse(text, check);
    } catch (const Json::exception& error) {
      refuse(fmt::format("the header is not JSON ({})", error.what()));
    }
  }

  std::uint64_t unsigned_number(const Json& value, const std::string& what) const {
    if (!value.is_number_unsigned()) {
      refuse(fmt::format("{} must be a non-negative integer, got {}", what, value.dump()));
    }
    return value.get<std::uint64_t>();
  }

  TensorEntry entry(const std::string& tensor, const Json& value) const {
    if (!value.is_object() || value.size() != 3 || !value.contains("dtype") ||
        !value.contains("shape") || !value.contains("data_offsets")) {
      refuse(fmt::format("tensor '{}' needs exactly dtype, shape and data_offsets", tensor));
    }
    TensorEntry entry{.name = tensor, .dtype = dtype(tensor, value["dtype"]), .shape = {}};
    if (!value["shape"].is_array()) {
      refuse(fmt::format("the shape of '{}' must be a list", tensor));
    }
    std::uint64_t bytes = torch::elementSize(entry.dtype);
    std::uint64_t strides = bytes;  // strides are counted as if no extent were zero
    for (const Json& size : value["shape"]) {
      const std::uint64_t extent = unsigned_number(size, fmt::format("a size of '{}'", tensor));
      constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      if (extent > kMax || (extent != 0 && strides > kMax / extent)) {
        refuse(fmt::format("the shape of '{}' overflows", tensor));
      }
      strides *= std::max<std::uint64_t>(extent, 1);
      bytes *= extent;
      entry.shape.push_back(static_cast<std::int64_t>(extent));
    }
    const Json& offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2) {
      refuse(fmt::format("data_offsets of '{}' must be [begin, end]", tensor));
    }
    entry.begin = unsigned_number(offsets[0], fmt::format("an offset of '{}'", tensor));
    entry.end = unsigned_number(offsets[1], fmt::format("an offset of '{}'", tensor));
    if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
      refuse(
          fmt::format("'{}' of shape [{}] needs {} bytes, its offsets [{}, {}] give another size",
                      tensor, fmt::join(entry.shape, ", "), bytes, entry.begin, entry.end));
    }
    return entry;
  }

 private:
  torch::Dtype dtype(const std::string& tensor, const Json& value) const {
    for (const DtypeName& known : kDtypes) {
      if (value.is_string() && value.get<std::string>() == known.name) {
        return known.dtype;
      }
    }
    refuse(fmt::format("tensor '{}' has unknown dtype {}", tensor, value.dump()));
  }

  std::string_view name_;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view prefix, std::uint64_t file_size,
                                           std::string_view name) {
  const HeaderReader reader(name);
  if (prefix.size() < kLengthBytes || file_size < kLengthBytes) {
    reader.refuse(fmt::format("expected at least {} bytes, found {}", kLengthBytes, file_size));
  }
  std::uint64_t length = 0;
  std::memcpy(&length, prefix.data(), sizeof(length));
  if (length > kMaxHeaderBytes || length > file_size - kLengthBytes ||
      length > prefix.size() - kLengthBytes) {
    reader.refuse(fmt::format("the header claims {} bytes, the file has {}", length, file_size));
  }
  const Json json = reader.parse_json(prefix.substr(kLengthBytes, length));
  if (!json.is_object()) {
    reader.refuse("the header must be a JSON object");
  }

  SafetensorsHeader header;
  header.data_offset = kLengthBytes + length;
  for (const auto& [key, value] : json.items()) {
    if (key != kMetadataKey) {
      header.entries.push_back(reader.entry(key, value));
      continue;
    }
    if (!value.is_object()) {
      reader.refuse(fmt::format("{} must be an object", kMetadataKey));
    }
    for (const auto& [field, text] : value.items()) {
      if (!text.is_string()) {
        reader.refuse(fmt::format("metadata '{}' must be text", field));
      }
      header.metadata[field] = text.get<std::string>();
    }
  }

  std::sort(header.entries.begin(), header.entries.end(),
            [](const TensorEntry& a, const TensorEntry& b) {
              return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
            });
  std::uint64_t expected = 0;
  for (const TensorEntry& entry : header.entries) {
    if (entry.begin != expected) {
      reader.refuse(fmt::format("'{}' begins at byte {} where {} was expected", entry.name,
                                entry.begin, expected));
    }
    expected = entry.end;
  }
  if (expected != file_size - header.data_offset) {
    reader.refuse(fmt::format("the tensors take {} bytes, the file holds {}", expected,
                              file_size - header.data_offset));
  }
  return header;
}

}  // namespace tandem
