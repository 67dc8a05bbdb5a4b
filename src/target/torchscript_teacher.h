#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "tandem/target/teacher_network.h"

namespace tandem {

/// Loads a TorchScript module as teacher, in evaluation mode; see load_teacher for what it must
/// take and give. **Loading runs code that the file holds.** The number of classes and of features
/// is read off its answer to images of zeros. Throws std::runtime_error that starts with the path.
std::shared_ptr<Teacher> load_torchscript_teacher(const std::filesystem::path& path,
                                                  TeacherInput input,
                                                  std::optional<std::string> trained_on,
                                                  torch::Device device);

}  // namespace tandem
