#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/core/atomic_file.h"

namespace tandem {

/// Named tensors with text metadata: the content of a safetensors file.
/// Format: https://huggingface.co/docs/safetensors (8-byte little-endian header length, JSON
/// header, data). Tensors come in the order of their names.
struct TensorFile {
  std::map<std::string, torch::Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// One tensor as a header announces it; `begin..end` are bytes from the start of the data section.
struct TensorEntry {
  std::string name;
  torch::Dtype dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<TensorEntry> entries;  ///< in the order of their data
  std::map<std::string, std::string> metadata;
  std::uint64_t data_offset = 0;  ///< where the data section begins in the file
};

/// Reads and checks a header: `file_size` bytes in all, of which `prefix` holds at least the
/// header. Nothing is allocated beyond the header's own size. Refused with std::runtime_error that
/// starts with `name`: truncated or oversized headers, broken JSON, duplicate keys, unknown dtypes,
/// shapes that overflow or disagree with their offsets, and data sections with gaps or overlaps.
SafetensorsHeader parse_safetensors_header(std::string_view prefix, std::uint64_t file_size,
                                           std::string_view name);

/// Reads a whole file into memory (CPU tensors). Throws std::runtime_error that names the path.
TensorFile read_safetensors(const std::filesystem::path& path);

/// The same without reading: tensors view the mapped file, which lives as long as any of them. They
/// must not be written to. (Stores and their parts, which may be larger than memory.)
TensorFile map_safetensors(const std::filesystem::path& path);

/// Writes atomically (see write_file_atomically). Tensors of any device and layout are written as
/// contiguous; an undefined tensor or an unsupported dtype is std::invalid_argument.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

/// A tensor whose bytes are made while the file is written, so that it need not fit into memory.
struct TensorStream {
  std::string name;
  torch::Dtype dtype;
  std::vector<std::int64_t> shape;
  std::function<void(const ByteSink&)> produce;  ///< gives the sink all bytes, in any pieces
};

/// The same for streams. In either case tensors stand in the file by falling size of their elements
/// and then by name, so that each is aligned to its elements. Throws std::invalid_argument for two
/// tensors of one name, and std::logic_error for a stream that gave another number of bytes.
void write_safetensors(const std::filesystem::path& path, std::vector<TensorStream> tensors,
                       const std::map<std::string, std::string>& metadata);

}  // namespace tandem
