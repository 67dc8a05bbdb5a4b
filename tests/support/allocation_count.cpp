#include "allocation_count.h"

#include <cstdlib>
#include <new>

// The whole program's, so that all that a reader asks for is counted; through malloc, which
// sanitizers watch. A source of its own, or the compiler sees through it and finds new and free
// mismatched.

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  tandem::allocated_bytes += size;
  return std::malloc(size > 0 ? size : 1);
}

void* operator new(std::size_t size) {
  if (void* memory = operator new(size, std::nothrow)) {
    return memory;
  }
  throw std::bad_alloc();
}

void* operator new[](std::size_t size) {
  return operator new(size);
}

void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return operator new(size, std::nothrow);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

void operator delete[](void* memory) noexcept {
  std::free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
