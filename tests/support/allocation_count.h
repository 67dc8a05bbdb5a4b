#pragma once

#include <c10/core/CPUAllocator.h>

#include <atomic>
#include <cstddef>

namespace tandem {

/// Bytes that were asked for since the program began, freed or not. The program must hold
/// allocation_count.cpp, which replaces operator new.
inline std::atomic<std::size_t> allocated_bytes{0};

/// Counts the tensors' memory, which does not come from operator new.
class CountingAllocator : public c10::Allocator {
 public:
  CountingAllocator() : inner_(c10::GetCPUAllocator()) { c10::SetCPUAllocator(this, 255); }

  c10::DataPtr allocate(std::size_t size) const override {
    allocated_bytes += size;
    return inner_->allocate(size);
  }
  c10::DeleterFnPtr raw_deleter() const override { return inner_->raw_deleter(); }

 private:
  c10::Allocator* inner_;
};

/// Bytes that `work` asks for in all, which is at least what it holds at its height.
template <typename Work>
std::size_t bytes_asked_for(const Work& work) {
  static CountingAllocator tensors;  // for good: tensors are freed after this
  const std::size_t before = allocated_bytes;
  work();
  return allocated_bytes - before;
}

}  // namespace tandem
