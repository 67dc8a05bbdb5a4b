#pragma once

#include <torch/types.h>

#include <bit>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

namespace tandem {

// What reading and writing safetensors share.

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

inline constexpr const char* kMetadataKey = "__metadata__";

struct DtypeName {
  torch::Dtype dtype;
  std::string_view name;
};

inline constexpr DtypeName kDtypes[] = {
    {torch::kBool, "BOOL"},   {torch::kUInt8, "U8"},    {torch::kInt8, "I8"},
    {torch::kInt16, "I16"},   {torch::kHalf, "F16"},    {torch::kBFloat16, "BF16"},
    {torch::kInt32, "I32"},   {torch::kFloat32, "F32"}, {torch::kInt64, "I64"},
    {torch::kFloat64, "F64"},
};

}  // namespace tandem
