#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/core/number_text.h"
#include "tandem/dataset/dataset.h"
#include "tandem/dataset/image_report.h"
#include "tandem/fetch/verify.h"

namespace tandem {

/// "12.3 MB".
std::string megabytes(std::int64_t bytes);

/// The known data sets as a table: sizes, where the files are, where they come from.
std::string dataset_list_text();

/// A line for each file, note and fault; of many files that are all right, their number.
std::string verification_text(const Verification& verification);

/// A line for each remark below how many there are; empty without any.
std::string remarks_text(const std::string& title, const std::vector<FileRemark>& remarks);

/// How many samples each class has, with what is largest and smallest.
std::string class_table_text(const Dataset& dataset);

}  // namespace tandem
