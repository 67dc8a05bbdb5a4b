#pragma once

#include <c10/core/CPUAllocator.h>

#include <atomic>
#include <cstddef>
#include <cstring>

namespace tandem {

/// Bytes that were asked for since the program began, freed or not. The program must hold
/// allocation_count.cpp, which replaces operator new.
inline std::atomic<std::size_t> allocated_bytes{0};

/// Counts the tensors' memory, which does not come from operator new. LibTorch 2 asks an allocator
/// for other functions than LibTorch 1 did; it has both, without `override`.
class CountingAllocator : public c10::Allocator {
 public:
  CountingAllocator() : inner_(c10::GetCPUAllocator()) { c10::SetCPUAllocator(this, 255); }

  c10::DataPtr allocate(std::size_t size) const {  // of LibTorch 1
    allocated_bytes += size;
    return inner_->allocate(size);
  }
  c10::DataPtr allocate(std::size_t size) {  // of LibTorch 2
    return static_cast<const CountingAllocator&>(*this).allocate(size);
  }
  void copy_data(void* to, const void* from, std::size_t size) const {  // of LibTorch 2
    std::memcpy(to, from, size);
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
