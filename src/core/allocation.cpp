#include "tandem/core/allocation.h"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace tandem {

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kMebibyte = 1 << 20;
  mallopt(M_MMAP_MAX, 0);  // no block of its own mapping, which is given back when it is freed
  mallopt(M_TRIM_THRESHOLD, 2047 * kMebibyte);
  mallopt(M_TOP_PAD, 64 * kMebibyte);
#endif
}

}  // namespace tandem
