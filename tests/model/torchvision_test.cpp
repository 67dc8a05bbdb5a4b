#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/wait.h>

#include <array>
#include <cstdlib>

#include "random_images.h"
#include "tandem/model/initialise.h"
#include "tandem/model/weights.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

struct Outcome {
  int status;
  std::string output;
};

/// Runs a script of tests/reference with Debian's Python, which is where python3-torch lives.
Outcome run_reference(const std::string& script, const std::filesystem::path& folder) {
  const std::string command = "/usr/bin/python3 '" TANDEM_TEST_REFERENCE_DIR "/" + script + "' '" +
                              folder.string() + "' 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    return {-1, "cannot run " + command};
  }
  std::string output;
  std::array<char, 4096> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
    output.append(part.data(), size);
  }
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

void write_case(const std::filesystem::path& folder, const std::string& stem, std::int64_t side) {
  const at::NoGradGuard no_grad;
  const ImageShape shape{.channels = 3, .height = side, .width = side};
  Model model({.name = "resnet18", .stem = stem}, shape, 10, 0);
  initialise(model, 3);
  // Scale, shift and running statistics that differ from their initial values, so that a mix-up
  // between them shows.
  std::uint64_t seed = 0;
  for (const auto& parameter : model.named_parameters()) {
    if (parameter.value().dim() == 1) {
      const std::int64_t n = parameter.value().numel();
      parameter.value().add_(random_images(1, {1, 1, n}, ++seed).flatten(), 0.2);
    }
  }
  model.forward(random_images(8, shape, 5));
  model.eval();

  const torch::Tensor images = random_images(4, shape, 6);
  save_model(folder / (stem + "-weights.safetensors"), model,
             {.mean = {0.5, 0.5, 0.5}, .stddev = {0.25, 0.25, 0.25}});
  write_safetensors(
      folder / (stem + "-batch.safetensors"),
      {.tensors = {{"images", images}, {"logits", model.forward(images)}}, .metadata = {}});
}

TEST(ResNet18, ComputesWhatTorchvisionComputesFromItsCheckpoint) {
  if (std::getenv("TANDEM_SKIP_PYTHON") != nullptr) {
    GTEST_SKIP() << "TANDEM_SKIP_PYTHON is set";
  }
  const TemporaryFolder folder;
  write_case(folder.path(), "cifar", 32);
  write_case(folder.path(), "imagenet", 64);
  const Outcome outcome = run_reference("check_torchvision_resnet18.py", folder.path());
  EXPECT_EQ(outcome.status, 0) << outcome.output;
}

}  // namespace
}  // namespace tandem
