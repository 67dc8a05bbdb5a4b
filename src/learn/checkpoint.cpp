#include "tandem/learn/checkpoint.h"

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include "tandem/core/fingerprinted_file.h"
#include "tandem/core/safetensors.h"
#include "tandem/record/fields.h"

namespace tandem {
namespace {

constexpr const char* kFormatKey = "tandem.format";
constexpr const char* kFormat = "training-2";
constexpr const char* kCounters = "progress.counters";        // int64 [step, loss count]
constexpr const char* kSeconds = "progress.seconds";          // fp64 [train, teacher, loss sum]
constexpr const char* kEvaluations = "progress.evaluations";  // fp64 [evaluations, fields]
constexpr const char* kSwitches = "progress.switches";        // int64 [switches]
constexpr const char* kAverages = "progress.averages";        // fp64 [fast, slow], or [0]

std::int64_t evaluation_fields() {
  return std::ssize(scalar_fields<Evaluation>());
}

torch::Tensor pack(const std::vector<Evaluation>& evaluations) {
  torch::Tensor rows =
      torch::empty({std::ssize(evaluations), evaluation_fields()}, torch::kFloat64);
  double* next = rows.data_ptr<double>();
  for (const Evaluation& evaluation : evaluations) {
    Evaluation::visit(evaluation, [&](std::string_view, const auto& value, std::string_view) {
      *next++ = static_cast<double>(value);
    });
  }
  return rows;
}

/// The field of which `stored` was made. Throws for what pack() makes of no whole number.
template <typename Value>
Value unpacked(double stored, const std::filesystem::path& path) {
  constexpr double kWholeBelow = 1LL << 53;
  const bool is_whole = std::abs(stored) < kWholeBelow && std::trunc(stored) == stored;
  if (std::integral<Value> && !is_whole) {
    throw std::runtime_error(fmt::format("{}: expected whole numbers in its looks, found {}; {}",
                                         path.string(), stored, kBeginAnew));
  }
  return static_cast<Value>(stored);
}

std::vector<Evaluation> unpack(const torch::Tensor& rows, const std::filesystem::path& path) {
  std::vector<Evaluation> evaluations(static_cast<std::size_t>(rows.size(0)));
  const torch::Tensor values = rows.contiguous();
  const double* next = values.data_ptr<double>();
  for (Evaluation& evaluation : evaluations) {
    Evaluation::visit(evaluation, [&](std::string_view, auto& value, std::string_view) {
      value = unpacked<std::remove_reference_t<decltype(value)>>(*next++, path);
    });
  }
  return evaluations;
}

[[noreturn]] void refuse_form(const char* name, const std::filesystem::path& path) {
  throw std::runtime_error(fmt::format(
      "{}: not a training checkpoint: '{}' is missing or of another shape", path.string(), name));
}

/// Takes a tensor of `dimensions` out of the file; `width` is that of the last one, where it is
/// known.
torch::Tensor take(TensorFile& file, const char* name, torch::Dtype dtype, std::int64_t dimensions,
                   std::optional<std::int64_t> width, const std::filesystem::path& path) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end() || found->second.scalar_type() != dtype ||
      found->second.dim() != dimensions || (width && found->second.size(-1) != *width)) {
    refuse_form(name, path);
  }
  const torch::Tensor tensor = found->second;
  file.tensors.erase(found);
  return tensor;
}

void pack(const SwitchState& switches, std::map<std::string, torch::Tensor>& tensors) {
  tensors[kSwitches] = torch::tensor(switches.steps, torch::kInt64);
  tensors[kAverages] = torch::empty({0}, torch::kFloat64);
  if (const auto& averages = switches.averages) {
    tensors[kAverages] = torch::tensor({averages->fast, averages->slow}, torch::kFloat64);
  }
}

SwitchState unpack_switches(TensorFile& file, const std::filesystem::path& path) {
  SwitchState switches;
  const torch::Tensor steps = take(file, kSwitches, torch::kInt64, 1, std::nullopt, path);
  const torch::Tensor averages = take(file, kAverages, torch::kFloat64, 1, std::nullopt, path);
  for (std::int64_t k = 0; k < steps.size(0); ++k) {
    switches.steps.push_back(steps[k].item<std::int64_t>());
  }
  if (averages.size(0) == 2) {
    switches.averages =
        LossAverages{.fast = averages[0].item<double>(), .slow = averages[1].item<double>()};
  } else if (averages.size(0) != 0) {
    refuse_form(kAverages, path);
  }
  return switches;
}

/// Throws for a file that an older version wrote, or that is not what was written.
void check_format(const TensorFile& file, const std::filesystem::path& path) {
  const auto format = file.metadata.find(kFormatKey);
  if (format == file.metadata.end() || format->second != kFormat) {
    throw std::runtime_error(fmt::format(
        "{}: expected a training checkpoint of format '{}', found '{}'; {}", path.string(), kFormat,
        format == file.metadata.end() ? "none" : format->second, kBeginAnew));
  }
  check_fingerprint(file, path.string(), "this training checkpoint", kBeginAnew);
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Learner& learner,
                     const FitState& progress) {
  TensorFile file{.tensors = learner.state(), .metadata = {{kFormatKey, kFormat}}};
  file.tensors[kCounters] = torch::tensor({progress.step, progress.loss_count}, torch::kInt64);
  file.tensors[kSeconds] =
      torch::tensor({progress.train_s, progress.teacher_s, progress.loss_sum}, torch::kFloat64);
  file.tensors[kEvaluations] = pack(progress.evaluations);
  pack(progress.switches, file.tensors);
  write_fingerprinted(path, std::move(file));
}

std::optional<FitState> load_checkpoint(const std::filesystem::path& path, Learner& learner) {
  if (!std::filesystem::exists(path)) {
    return std::nullopt;
  }
  TensorFile file = read_safetensors(path);
  check_format(file, path);
  const torch::Tensor counters = take(file, kCounters, torch::kInt64, 1, 2, path);
  const torch::Tensor seconds = take(file, kSeconds, torch::kFloat64, 1, 3, path);
  FitState progress;
  progress.step = counters[0].item<std::int64_t>();
  progress.loss_count = counters[1].item<std::int64_t>();
  progress.train_s = seconds[0].item<double>();
  progress.teacher_s = seconds[1].item<double>();
  progress.loss_sum = seconds[2].item<double>();
  progress.evaluations =
      unpack(take(file, kEvaluations, torch::kFloat64, 2, evaluation_fields(), path), path);
  progress.switches = unpack_switches(file, path);
  learner.load_state(file.tensors, path.string());
  return progress;
}

}  // namespace tandem
