#include "tandem/record/record.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <type_traits>

namespace tandem {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr std::string_view kSwitches = "switches";  // absent from older records

/// Each struct names its fields once, for writing and for reading.
template <typename Each>
void visit(Evaluation& evaluation, const Each& each) {
  each("step", evaluation.step);
  each("epochs", evaluation.epochs);
  each("train_s", evaluation.train_s);
  each("teacher_s", evaluation.teacher_s);
  each("train_loss", evaluation.train_loss);
  each("validation_loss", evaluation.validation_loss);
  each("validation_top1_pct", evaluation.validation_top1_pct);
}

template <typename Each>
void visit(TestResult& test, const Each& each) {
  each("step", test.step);
  each("loss", test.loss);
  each("top1_pct", test.top1_pct);
}

template <typename Each>
void visit(SwitchRecord& change, const Each& each) {
  each("step", change.step);
  each("rule", change.rule);
  each("phase", change.phase);
}

template <typename Each>
void visit(Provenance& provenance, const Each& each) {
  each("tandem_version", provenance.tandem_version);
  each("commit", provenance.commit);
  each("compiler", provenance.compiler);
  each("torch_version", provenance.torch_version);
  each("cpu", provenance.cpu);
  each("os", provenance.os);
  each("command", provenance.command);
  each("started_utc", provenance.started_utc);
  each("cores", provenance.cores);
  each("threads", provenance.threads);
}

template <typename Each>
void visit(TrialRecord& trial, const Each& each) {
  each("id", trial.id);
  each("cell", trial.cell);
  each("rate", trial.rate);
  each("seed", trial.seed);
  each("outcome", trial.outcome);
  each("message", trial.message);
  each("parameters", trial.parameters);
  each("labelling_s", trial.labelling_s);
  each(kSwitches, trial.switches);
  each("evaluations", trial.evaluations);
  each("tests", trial.tests);
  each("provenance", trial.provenance);
}

template <typename T>
constexpr bool kIsLeaf = std::is_arithmetic_v<T> || std::is_same_v<T, std::string>;

template <typename T>
json written(const std::vector<T>& values);

template <typename T>
json written(T value) {
  if constexpr (kIsLeaf<T>) {
    return value;
  } else {
    json object = json::object();
    visit(value,
          [&](std::string_view key, auto& field) { object[std::string(key)] = written(field); });
    return object;
  }
}

template <typename T>
json written(const std::vector<T>& values) {
  json array = json::array();
  for (const T& value : values) {
    array.push_back(written(value));
  }
  return array;
}

class Reader {
 public:
  explicit Reader(const std::string& source) : source_(source) {}

  template <typename T>
  void read(const json& value, T& into, const std::string& where) const {
    if constexpr (std::is_same_v<T, std::string>) {
      expect(value.is_string(), "text", value, where);
      into = value.get<std::string>();
    } else if constexpr (std::is_floating_point_v<T>) {
      expect(value.is_number() || value.is_null(), "a number or null", value, where);
      into = value.is_null() ? std::numeric_limits<T>::quiet_NaN() : value.get<T>();
    } else if constexpr (std::is_unsigned_v<T>) {
      expect(value.is_number_unsigned(), "a whole number that is not negative", value, where);
      into = value.get<T>();
    } else if constexpr (std::is_integral_v<T>) {
      expect(value.is_number_integer(), "a whole number", value, where);
      into = value.get<T>();
    } else {
      expect(value.is_object(), "an object", value, where);
      visit(into, [&](std::string_view key, auto& field) {
        const std::string place =
            where.empty() ? std::string(key) : fmt::format("{}.{}", where, key);
        const auto found = value.find(key);
        if (found == value.end() && place == kSwitches) {
          return;
        }
        if (found == value.end()) {
          fail(fmt::format("expected the key \"{}\", found none", place));
        }
        read(*found, field, place);
      });
    }
  }

  template <typename T>
  void read(const json& value, std::vector<T>& into, const std::string& where) const {
    expect(value.is_array(), "an array", value, where);
    into.resize(value.size());
    for (std::size_t k = 0; k < value.size(); ++k) {
      read(value[k], into[k], fmt::format("{}[{}]", where, k));
    }
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}: {}", source_, what));
  }

 private:
  void expect(bool holds, const char* expected, const json& value, const std::string& where) const {
    if (!holds) {
      fail(fmt::format("{}: expected {}, found {}", where.empty() ? "trial" : where, expected,
                       value.type_name()));
    }
  }

  const std::string& source_;
};

}  // namespace

std::string trial_to_json(const TrialRecord& trial) {
  json object = written(trial);
  object["version"] = kVersion;
  // A message may quote bytes that are not UTF-8; a record must be writable all the same.
  return object.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

TrialRecord trial_from_json(const std::string& text, const std::string& source) {
  const Reader reader(source);
  TrialRecord trial;
  try {
    const json object = json::parse(text);
    if (!object.is_object()) {
      reader.fail(fmt::format("expected an object, found {}", object.type_name()));
    }
    if (const auto version = object.find("version");
        version == object.end() || *version != kVersion) {
      reader.fail(fmt::format("expected version {}, found {}", kVersion,
                              version == object.end() ? "none" : version->dump()));
    }
    reader.read(object, trial, "");
  } catch (const json::exception& error) {
    reader.fail(error.what());
  }
  return trial;
}

}  // namespace tandem
