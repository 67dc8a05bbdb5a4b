#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "tandem/core/safetensors.h"
#include "tandem/dataset/normalisation.h"
#include "tandem/model/model.h"

namespace tandem {

/// Parameters and buffers by name, detached; they share the module's memory.
std::map<std::string, torch::Tensor> state_of(const torch::nn::Module& module);

/// Copies `tensors` into the parameters and buffers of `module`. Throws std::runtime_error that
/// starts with `source` and lists what is missing, unexpected, or of another shape or dtype; the
/// module is unchanged then.
void load_state(torch::nn::Module& module, const std::map<std::string, torch::Tensor>& tensors,
                const std::string& source);

/// A trained classifier together with what is needed to use it on images.
struct TrainedModel {
  std::shared_ptr<Model> model;
  Normalisation normalisation;
  Fingerprint fingerprint;                      ///< of the weights, names and normalisation
  std::map<std::string, std::string> metadata;  ///< all of the file's
};

/// Note of a teacher's checkpoint: which validation split its training held out, in the words of
/// split_text.
inline constexpr const char* kTrainedOnNote = "trained_on";

/// What a person should know of how a model of another program was read, among its metadata.
inline constexpr const char* kRemarkNote = "remark";

/// Writes a checkpoint: safetensors with torchvision's parameter names. The target head is left
/// out; the metadata holds model config, image shape, class count and normalisation, plus `notes`,
/// and a fingerprint of all that.
/// Throws std::invalid_argument for notes whose key begins with "tandem." and for a normalisation
/// of another number of channels than the model's.
void save_model(const std::filesystem::path& path, const Model& model,
                const Normalisation& normalisation,
                const std::map<std::string, std::string>& notes = {});

/// Reads a checkpoint that save_model wrote, onto the CPU and in evaluation mode. Throws
/// std::runtime_error that names the path and what is wrong: tensors that are not those of the
/// model that it says it is (found before a model is built), or content that is not what was
/// written. (Those of format 1, without a fingerprint, are read as well.)
TrainedModel load_model(const std::filesystem::path& path);

/// Whether the metadata of a safetensors file say that save_model wrote it.
bool is_checkpoint(const std::map<std::string, std::string>& metadata);

}  // namespace tandem
