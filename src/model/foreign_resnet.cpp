#include "tandem/model/foreign_resnet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "architectures.h"
#include "resnet_form.h"
#include "weights_fingerprint.h"

namespace tandem {
namespace {

using Tensors = std::map<std::string, torch::Tensor>;

constexpr std::size_t kComplaintsShown = 8;
constexpr std::size_t kMostStages = 8;
constexpr std::string_view kParallelPrefix = "module.";
constexpr std::string_view kCounter = ".num_batches_tracked";

[[noreturn]] void refuse(const std::string& source, std::vector<std::string> complaints) {
  const std::size_t count = complaints.size();
  if (count > kComplaintsShown) {
    complaints.resize(kComplaintsShown);
    complaints.push_back(fmt::format("and {} more", count - kComplaintsShown));
  }
  throw std::runtime_error(fmt::format(
      "{}: not a ResNet of the known kind (torchvision's names; a stem of one 7x7 or 3x3 "
      "convolution, stages of basic or bottleneck blocks, 'fc'): {}",
      source, fmt::join(complaints, "; ")));
}

/// Blocks per stage, as far as they follow one another; whatever else there is comes up as
/// unexpected later.
ResNetForm form_of(const Tensors& tensors) {
  ResNetForm form;
  form.bottleneck = tensors.contains("layer1.0.conv3.weight");
  while (form.blocks.size() < kMostStages) {
    std::int64_t blocks = 0;
    while (
        tensors.contains(fmt::format("layer{}.{}.conv1.weight", form.blocks.size() + 1, blocks))) {
      ++blocks;
    }
    if (blocks == 0) {
      break;
    }
    form.blocks.push_back(blocks);
  }
  return form;
}

std::string name_of(const ResNetForm& form, const std::string& stem) {
  for (const auto& [name, known] : named_resnets()) {
    const bool has_stem = known.blocks.size() > 3 || stem == ModelConfig{}.stem;
    if (known == form && has_stem) {
      return name;
    }
  }
  return general_name(form);
}

std::vector<std::string> basic_complaints(const Tensors& tensors) {
  std::vector<std::string> complaints;
  const auto stem = tensors.find("conv1.weight");
  if (stem == tensors.end()) {
    complaints.push_back("missing 'conv1.weight'");
  } else if (stem->second.dim() != 4 || stem->second.numel() == 0 ||
             stem->second.size(2) != stem->second.size(3) ||
             (stem->second.size(3) != 7 && stem->second.size(3) != 3)) {
    complaints.push_back(
        fmt::format("'conv1.weight' should be [width, channels, 7, 7] or [width, channels, 3, 3], "
                    "is [{}]",
                    fmt::join(stem->second.sizes(), ", ")));
  }
  if (!tensors.contains("layer1.0.conv1.weight")) {
    complaints.push_back("missing 'layer1.0.conv1.weight'");
  }
  const auto classifier = tensors.find("fc.weight");
  if (classifier == tensors.end()) {
    complaints.push_back("missing 'fc.weight'");
  } else if (classifier->second.dim() != 2) {
    complaints.push_back(fmt::format("'fc.weight' should be [classes, features], is [{}]",
                                     fmt::join(classifier->second.sizes(), ", ")));
  }
  if (!complaints.empty()) {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : tensors) {
      if (names.size() < kComplaintsShown) {
        names.push_back(fmt::format("'{}'", name));
      }
    }
    complaints.push_back(fmt::format(
        "found {}{}", names.empty() ? "nothing" : fmt::to_string(fmt::join(names, ", ")),
        tensors.size() > names.size() ? ", ..." : ""));
  }
  return complaints;
}

std::vector<std::string> complaints_about(const Tensors& tensors, const TensorForms& expected) {
  std::vector<std::string> complaints;
  for (const auto& [name, form] : expected) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      if (!name.ends_with(kCounter)) {
        complaints.push_back(fmt::format("missing '{}'", name));
      }
    } else if (found->second.sizes() != torch::IntArrayRef(form.shape)) {
      complaints.push_back(fmt::format("'{}' should be [{}], is [{}]", name,
                                       fmt::join(form.shape, ", "),
                                       fmt::join(found->second.sizes(), ", ")));
    } else if (!name.ends_with(kCounter) && !found->second.is_floating_point()) {
      complaints.push_back(fmt::format("'{}' should be floating point, is {}", name,
                                       torch::toString(found->second.scalar_type())));
    }
  }
  for (const auto& [name, tensor] : tensors) {
    if (!expected.contains(name)) {
      complaints.push_back(fmt::format("unexpected '{}'", name));
    }
  }
  return complaints;
}

bool all_begin_with(const Tensors& tensors, std::string_view prefix) {
  return !tensors.empty() && std::ranges::all_of(tensors, [&](const auto& entry) {
    return entry.first.starts_with(prefix);
  });
}

Tensors without_prefix(const Tensors& tensors, std::string_view prefix) {
  Tensors named;
  for (const auto& [name, tensor] : tensors) {
    named[name.substr(prefix.size())] = tensor;
  }
  return named;
}

/// The tensors as load_state wants them.
Tensors completed(const Tensors& tensors, const torch::nn::Module& model) {
  Tensors complete;
  for (const auto& [name, tensor] : state_of(model)) {
    const auto found = tensors.find(name);
    complete[name] =
        found == tensors.end() ? torch::zeros_like(tensor) : found->second.to(tensor.scalar_type());
  }
  return complete;
}

}  // namespace

ForeignResNet recognise_resnet(const Tensors& tensors, const std::string& source) {
  if (auto complaints = basic_complaints(tensors); !complaints.empty()) {
    refuse(source, std::move(complaints));
  }
  const torch::Tensor& stem = tensors.at("conv1.weight");
  const ResNetForm form = form_of(tensors);
  ForeignResNet found;
  found.config.stem = stem.size(3) == 7 ? "imagenet" : "cifar";
  found.config.name = name_of(form, found.config.stem);
  found.config.width = stem.size(0);
  found.channels = stem.size(1);
  found.class_count = tensors.at("fc.weight").size(0);
  const auto expected = resnet_tensors(found.config, form, found.channels, found.class_count);
  if (auto complaints = complaints_about(tensors, expected); !complaints.empty()) {
    refuse(source, std::move(complaints));
  }
  return found;
}

TrainedModel load_foreign_resnet(const std::filesystem::path& path, const ImageShape& shape,
                                 const Normalisation& normalisation) {
  TensorFile file = read_safetensors(path);
  const std::string source = path.string();
  if (is_checkpoint(file.metadata)) {
    throw std::runtime_error(fmt::format(
        "{}: this is a Tandem checkpoint, which says itself how it is used; name it as it is",
        source));
  }
  const bool has_prefix = all_begin_with(file.tensors, kParallelPrefix);
  if (has_prefix) {
    file.tensors = without_prefix(file.tensors, kParallelPrefix);
  }
  const ForeignResNet found = recognise_resnet(file.tensors, source);
  if (found.channels != shape.channels) {
    throw std::runtime_error(
        fmt::format("{}: these weights are for images of {} channels, the images here have {}",
                    source, found.channels, shape.channels));
  }
  TrainedModel trained{.model = nullptr,
                       .normalisation = normalisation,
                       .fingerprint = weights_fingerprint(file.tensors, normalisation),
                       .metadata = std::move(file.metadata)};
  try {
    trained.model =
        std::make_shared<Model>(found.config, shape, HeadWidths{.classes = found.class_count});
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", source, error.what()));
  }
  if (has_prefix) {
    trained.metadata[kRemarkNote] = fmt::format(
        "the names of its tensors begin with '{}', as DataParallel writes them; they are read "
        "without that",
        kParallelPrefix);
  }
  load_state(*trained.model, completed(file.tensors, *trained.model), source);
  trained.model->eval();
  return trained;
}

}  // namespace tandem
