#pragma once

#include <filesystem>

namespace tandem {

/// Throws std::runtime_error that says how to convert it where the file is what Python's torch.save
/// writes: a pickle, alone or in a zip archive. Reading one may run code that it holds. (A
/// TorchScript module is a zip archive as well.)
void refuse_pickle(const std::filesystem::path& path);

}  // namespace tandem
