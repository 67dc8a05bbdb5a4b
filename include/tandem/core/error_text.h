#pragma once

#include <exception>
#include <string>

namespace tandem {

/// What an error says, for people. LibTorch's errors hold a trace of the program and, where a
/// TorchScript module failed, one of the module's source: of those the sentence that says why.
std::string error_text(const std::exception& error);

}  // namespace tandem
