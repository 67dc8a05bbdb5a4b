#pragma once

namespace tandem {

/// Has this process keep the memory that it frees instead of handing it back to the system. By
/// default glibc gives large blocks back at once, and a training step, whose activations come and
/// go, spends up to half its time on having the same pages cleared anew. Programs that train call
/// it once, first. Does nothing where the C library is not glibc.
void keep_freed_memory();

}  // namespace tandem
