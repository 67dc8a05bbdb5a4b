#include "tandem/model/weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <vector>

#include "architectures.h"
#include "checkpoint_metadata.h"
#include "tandem/core/fingerprinted_file.h"
#include "weights_fingerprint.h"

namespace tandem {
namespace {

constexpr std::string_view kTargetHead = "target_head.";

std::string words_of(const TensorForm& form) {
  return fmt::format("{} [{}]", torch::toString(form.dtype), fmt::join(form.shape, ", "));
}

TensorForms forms_of(const std::map<std::string, torch::Tensor>& tensors) {
  TensorForms forms;
  for (const auto& [name, tensor] : tensors) {
    forms[name] = {tensor.scalar_type(), tensor.sizes().vec()};
  }
  return forms;
}

/// Throws std::runtime_error that lists how `found` differs from `expected`.
void check_forms(const TensorForms& expected, const TensorForms& found, const std::string& source) {
  std::vector<std::string> complaints;
  for (const auto& [name, form] : expected) {
    const auto tensor = found.find(name);
    if (tensor == found.end()) {
      complaints.push_back(fmt::format("missing '{}'", name));
    } else if (tensor->second != form) {
      complaints.push_back(
          fmt::format("'{}' should be {}, is {}", name, words_of(form), words_of(tensor->second)));
    }
  }
  for (const auto& [name, form] : found) {
    if (!expected.contains(name)) {
      complaints.push_back(fmt::format("unexpected '{}'", name));
    }
  }
  if (!complaints.empty()) {
    throw std::runtime_error(fmt::format("{}: the tensors do not fit the model: {}", source,
                                         fmt::join(complaints, "; ")));
  }
}

}  // namespace

std::map<std::string, torch::Tensor> state_of(const torch::nn::Module& module) {
  std::map<std::string, torch::Tensor> state;
  for (const auto& parameter : module.named_parameters()) {
    state.emplace(parameter.key(), parameter.value().detach());
  }
  for (const auto& buffer : module.named_buffers()) {
    state.emplace(buffer.key(), buffer.value().detach());
  }
  return state;
}

void load_state(torch::nn::Module& module, const std::map<std::string, torch::Tensor>& tensors,
                const std::string& source) {
  const auto state = state_of(module);
  check_forms(forms_of(state), forms_of(tensors), source);
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : state) {
    tensor.copy_(tensors.at(name));
  }
}

void save_model(const std::filesystem::path& path, const Model& model,
                const Normalisation& normalisation,
                const std::map<std::string, std::string>& notes) {
  TensorFile file{.tensors = state_of(model), .metadata = notes};
  std::erase_if(file.tensors,
                [](const auto& entry) { return entry.first.starts_with(kTargetHead); });
  add_metadata(file.metadata, {.model = model.config(),
                               .shape = model.image_shape(),
                               .class_count = model.class_count(),
                               .normalisation = normalisation});
  write_fingerprinted(path, std::move(file));
}

TrainedModel load_model(const std::filesystem::path& path) {
  TensorFile file = read_safetensors(path);
  const std::string source = path.string();
  const CheckpointMetadata metadata = read_metadata(file.metadata, source);
  TrainedModel trained{.model = nullptr,
                       .normalisation = metadata.normalisation,
                       .fingerprint = weights_fingerprint(file.tensors, metadata.normalisation),
                       .metadata = file.metadata};
  try {
    // Before anything is built: the metadata may name a model of any size.
    if (const auto expected = known_tensors(metadata.model, metadata.shape, metadata.class_count)) {
      check_forms(*expected, forms_of(file.tensors), source);
    }
    trained.model = std::make_shared<Model>(metadata.model, metadata.shape,
                                            HeadWidths{.classes = metadata.class_count});
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", source, error.what()));
  }
  if (metadata.has_fingerprint) {
    check_fingerprint(file, source, "this checkpoint",
                      "take another copy, or delete it and train again");
  }
  load_state(*trained.model, file.tensors, source);
  trained.model->eval();
  return trained;
}

}  // namespace tandem
