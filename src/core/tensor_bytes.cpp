#include "tandem/core/tensor_bytes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

namespace tandem {

std::span<const std::byte> bytes_of(const torch::Tensor& contiguous) {
  if (!contiguous.is_contiguous() || !contiguous.is_cpu()) {
    throw std::invalid_argument(fmt::format(
        "bytes_of: expected a contiguous tensor on the CPU, got [{}] with strides [{}] on {}",
        fmt::join(contiguous.sizes(), ", "), fmt::join(contiguous.strides(), ", "),
        contiguous.device().str()));
  }
  return {static_cast<const std::byte*>(contiguous.data_ptr()), contiguous.nbytes()};
}

}  // namespace tandem
