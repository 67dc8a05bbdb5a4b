#include "tandem/model/weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <vector>

#include "checkpoint_metadata.h"
#include "weights_fingerprint.h"

namespace tandem {
namespace {

constexpr std::string_view kTargetHead = "target_head.";

std::string describe(const torch::Tensor& tensor) {
  return fmt::format("{} [{}]", torch::toString(tensor.scalar_type()),
                     fmt::join(tensor.sizes(), ", "));
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
  std::vector<std::string> complaints;
  for (const auto& [name, tensor] : state) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      complaints.push_back(fmt::format("missing '{}'", name));
    } else if (describe(found->second) != describe(tensor)) {
      complaints.push_back(
          fmt::format("'{}' should be {}, is {}", name, describe(tensor), describe(found->second)));
    }
  }
  for (const auto& [name, tensor] : tensors) {
    if (!state.contains(name)) {
      complaints.push_back(fmt::format("unexpected '{}'", name));
    }
  }
  if (!complaints.empty()) {
    throw std::runtime_error(fmt::format("{}: the tensors do not fit the model: {}", source,
                                         fmt::join(complaints, "; ")));
  }
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
  write_safetensors(path, file);
}

TrainedModel load_model(const std::filesystem::path& path) {
  TensorFile file = read_safetensors(path);
  const std::string source = path.string();
  const CheckpointMetadata metadata = read_metadata(file.metadata, source);
  TrainedModel trained{.model = nullptr,
                       .normalisation = metadata.normalisation,
                       .fingerprint = weights_fingerprint(file.tensors, metadata.normalisation),
                       .metadata = std::move(file.metadata)};
  try {
    trained.model =
        std::make_shared<Model>(metadata.model, metadata.shape, metadata.class_count, 0);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", source, error.what()));
  }
  load_state(*trained.model, file.tensors, source);
  trained.model->eval();
  return trained;
}

}  // namespace tandem
