#pragma once

/// Before a function that is little more than a loop: it is compiled for several generations of
/// x86-64, of which the program picks the newest that the machine has when it starts. All compute
/// the same, to the bit: they differ in how many elements an instruction takes.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define TANDEM_VECTOR_CLONES \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define TANDEM_VECTOR_CLONES
#endif
