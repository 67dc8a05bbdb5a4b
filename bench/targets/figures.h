#pragma once

#include "program.h"

namespace tandem::bench {

/// Bytes of a stored view, in files.
void measure_bytes(const Setting& setting);

/// Random reads from a store in the page cache, and the same in Python.
void measure_reads(const Setting& setting);

/// A student on stored targets per view against the same on one-hot labels.
void measure_student(const Setting& setting);

/// Labelling once for many students against asking the teacher anew for each, and whether both give
/// the same students.
void measure_label_once(const Setting& setting);

}  // namespace tandem::bench
