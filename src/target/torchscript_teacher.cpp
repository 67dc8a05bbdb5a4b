#include "torchscript_teacher.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <sstream>
#include <stdexcept>
#include <vector>

#include "tandem/core/atomic_file.h"
#include "tandem/core/error_text.h"

namespace tandem {
namespace {

constexpr std::int64_t kProbeImages = 2;

torch::jit::Module parse_module(const std::string& content, const std::string& source) {
  try {
    std::istringstream stream(content);
    torch::jit::Module module = torch::jit::load(stream, torch::kCPU);
    module.eval();
    return module;
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("{}: not a TorchScript module that this LibTorch reads, as torch.jit.save "
                    "writes it (a state_dict of torch.save is none): {}",
                    source, error_text(error)));
  }
}

/// Outputs of a module, both checked to be [n, something].
struct ModuleOutputs {
  torch::Tensor logits;
  torch::Tensor features;
};

ModuleOutputs run_module(torch::jit::Module& module, const torch::Tensor& images,
                         const std::string& source) {
  // The optimiser would replace the graph after a few runs by another that rounds differently.
  const torch::jit::GraphOptimizerEnabledGuard as_written(false);
  torch::IValue output;
  try {
    output = module.forward({images});
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: the module fails on images [{}]: {}", source,
                                         fmt::join(images.sizes(), ", "), error_text(error)));
  }
  std::vector<torch::Tensor> tensors;
  if (output.isTensor()) {
    tensors = {output.toTensor()};
  } else if (output.isTuple()) {
    for (const torch::IValue& element : output.toTupleRef().elements()) {
      tensors.push_back(element.isTensor() ? element.toTensor() : torch::Tensor());
    }
  }
  bool fits = tensors.size() == 1 || tensors.size() == 2;
  for (const torch::Tensor& tensor : tensors) {
    fits = fits && tensor.defined() && tensor.dim() == 2 && tensor.size(0) == images.size(0) &&
           tensor.size(1) > 0 && tensor.is_floating_point();
  }
  if (!fits) {
    throw std::runtime_error(fmt::format(
        "{}: for {} images the module must give logits [{}, classes], or a tuple of them and "
        "features [{}, width]; it gave {}",
        source, images.size(0), images.size(0), images.size(0),
        output.isTensor() ? fmt::format("[{}]", fmt::join(output.toTensor().sizes(), ", "))
                          : output.tagKind()));
  }
  return {tensors[0], tensors.size() == 2 ? tensors[1] : torch::Tensor()};
}

class TorchScriptTeacher : public NetworkTeacher {
 public:
  TorchScriptTeacher(torch::jit::Module module, TeacherInput input, torch::Device device,
                     const OutputWidths& widths, const Fingerprint& fingerprint,
                     std::optional<std::string> trained_on)
      : NetworkTeacher(std::move(input), device, widths),
        module_(std::move(module)),
        fingerprint_(fingerprint),
        trained_on_(std::move(trained_on)) {}

  const Fingerprint& fingerprint() const override { return fingerprint_; }
  std::optional<std::string> trained_on() const override { return trained_on_; }

 private:
  Outputs forward(const torch::Tensor& images) override {
    ModuleOutputs outputs = run_module(module_, images, input().name);
    return {std::move(outputs.logits), std::move(outputs.features)};
  }

  torch::jit::Module module_;
  Fingerprint fingerprint_;
  std::optional<std::string> trained_on_;
};

Fingerprint fingerprint_of_module(const std::string& content, const TeacherInput& input) {
  Fingerprinter fingerprinter;
  fingerprinter.text(content);
  for (const std::vector<double>* values :
       {&input.normalisation.mean, &input.normalisation.stddev}) {
    fingerprinter.number(static_cast<std::int64_t>(values->size()));
    fingerprinter.bytes(std::as_bytes(std::span(*values)));
  }
  return fingerprinter.number(input.image_size).digest();
}

}  // namespace

std::shared_ptr<Teacher> load_torchscript_teacher(const std::filesystem::path& path,
                                                  TeacherInput input,
                                                  std::optional<std::string> trained_on,
                                                  torch::Device device) {
  const at::NoGradGuard no_grad;
  const std::string content = read_file(path);
  const std::string source = path.string();
  torch::jit::Module module = parse_module(content, source);
  module.to(device);
  const torch::Tensor black = torch::zeros(
      {kProbeImages, input.shape.channels, input.shape.height, input.shape.width}, torch::kUInt8);
  const ModuleOutputs probe = run_module(module, network_images(black, input).to(device), source);
  const Fingerprint fingerprint = fingerprint_of_module(content, input);
  return std::make_shared<TorchScriptTeacher>(
      std::move(module), std::move(input), device,
      TorchScriptTeacher::OutputWidths{
          .classes = probe.logits.size(1),
          .features = probe.features.defined() ? probe.features.size(1) : 0},
      fingerprint, std::move(trained_on));
}

}  // namespace tandem
