#include "tandem/record/gallery.h"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>

#include "tandem/core/fingerprinted_file.h"
#include "tandem/core/safetensors.h"

namespace tandem {
namespace {

constexpr const char* kFormatKey = "tandem.format";
constexpr const char* kFormat = "gallery-2";
constexpr const char* kFormatWithoutFingerprint = "gallery-1";
constexpr std::string_view kTargets = "targets.";

}  // namespace

void write_gallery(const std::filesystem::path& path, const Gallery& gallery) {
  TensorFile file{.tensors = {{"samples", gallery.samples},
                              {"views", gallery.views},
                              {"labels", gallery.labels}},
                  .metadata = {{kFormatKey, kFormat}}};
  for (const auto& [cell, values] : gallery.targets) {
    file.tensors[std::string(kTargets) + cell] = values;
  }
  write_fingerprinted(path, std::move(file));
}

Gallery read_gallery(const std::filesystem::path& path) {
  const TensorFile file = read_safetensors(path);
  const auto format = file.metadata.find(kFormatKey);
  if (format == file.metadata.end() || format->second != kFormatWithoutFingerprint) {
    check_fingerprint(file, path.string(), "this gallery",
                      "delete it, and `tandem study run` draws it again");
  }
  const auto tensor = [&](const std::string& name) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end()) {
      throw std::runtime_error(
          fmt::format("{}: not a gallery: no tensor '{}'", path.string(), name));
    }
    return found->second;
  };
  Gallery gallery{.samples = tensor("samples"),
                  .views = tensor("views"),
                  .labels = tensor("labels"),
                  .targets = {}};
  const auto expect = [&](const std::string& name, const torch::Tensor& found, torch::Dtype dtype,
                          std::int64_t dimensions) {
    if (found.scalar_type() != dtype || found.dim() != dimensions ||
        found.size(0) != gallery.samples.size(0) ||
        (dimensions > 2 && found.size(1) != gallery.views.size(1) && name != "samples")) {
      throw std::runtime_error(fmt::format(
          "{}: not a gallery: expected '{}' of {} and {} dimensions, as many samples and views as "
          "the others",
          path.string(), name, torch::toString(dtype), dimensions));
    }
  };
  expect("samples", gallery.samples, torch::kUInt8, 4);
  expect("views", gallery.views, torch::kUInt8, 5);
  expect("labels", gallery.labels, torch::kInt64, 1);
  for (const auto& [name, values] : file.tensors) {
    if (name.starts_with(kTargets)) {
      expect(name, values, torch::kFloat32, 3);
      gallery.targets[name.substr(kTargets.size())] = values;
    }
  }
  return gallery;
}

}  // namespace tandem
