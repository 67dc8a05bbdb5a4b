#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/target/ensemble.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// Loads the teacher at `path` for images of `shape` and `class_count` classes. The file is
///
/// - a checkpoint of Tandem (.safetensors), or
/// - a TOML file that says what a model of another program needs:
///
///       weights = "resnet18.safetensors"  # a ResNet's, with torchvision's names
///       # or torchscript = "model.pt"     # either one; paths are relative to the TOML file
///       mean = [0.485, 0.456, 0.406]      # per channel, of pixels in 0..1
///       stddev = [0.229, 0.224, 0.225]
///       image_size = 224                  # side of the images that the model takes, if it is not
///                                         # the data set's (0): they are resized bilinearly
///       trained_on = "..."                # optional, see Teacher::trained_on
///
/// A TorchScript module takes fp32 [n, channels, height, width] and gives logits [n, classes], or a
/// tuple of logits and features [n, width]. **Loading one runs code that the file holds**: take it
/// from no one you would not take a program from. Weights in safetensors run nothing.
///
/// Throws std::invalid_argument for a TOML file that is broken or leaves something out, and
/// std::runtime_error that names the file for one that cannot be read, holds another model than
/// those above (a bare .pt or foreign .safetensors too: nothing is assumed about how its pixels are
/// normalised), or answers other images or classes.
std::shared_ptr<Teacher> load_teacher(const std::filesystem::path& path, const ImageShape& shape,
                                      std::int64_t class_count, torch::Device device = torch::kCPU);

/// One path gives that teacher, several their Ensemble, none std::invalid_argument.
std::shared_ptr<Teacher> load_teachers(const std::vector<std::filesystem::path>& paths,
                                       EnsembleMean mean, const ImageShape& shape,
                                       std::int64_t class_count,
                                       torch::Device device = torch::kCPU);

/// Identifies a teacher file by content without loading the model: of the bytes of the file and, if
/// it is TOML, of the file that it names. Throws as load_teacher does.
Fingerprint identify_teacher_file(const std::filesystem::path& path);

}  // namespace tandem
