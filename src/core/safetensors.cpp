#include "tandem/core/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <tuple>

#include "safetensors_format.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/mapped_file.h"
#include "tandem/core/tensor_bytes.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

std::string_view name_of(torch::Dtype dtype) {
  for (const DtypeName& known : kDtypes) {
    if (known.dtype == dtype) {
      return known.name;
    }
  }
  throw std::invalid_argument(
      fmt::format("safetensors: dtype {} cannot be written", torch::toString(dtype)));
}

bool is_bool(char byte) {
  return byte == 0 || byte == 1;  // any other bool is undefined behaviour
}

std::string header_text(const Json& header) {
  try {
    return header.dump();
  } catch (const Json::exception& error) {
    throw std::invalid_argument(
        fmt::format("safetensors: names and metadata must be UTF-8 ({})", error.what()));
  }
}

}  // namespace

TensorFile map_safetensors(const fs::path& path) {
  const auto mapped = std::make_shared<MappedFile>(path);
  const std::string_view content(reinterpret_cast<const char*>(mapped->bytes().data()),
                                 mapped->bytes().size());
  const SafetensorsHeader header = parse_safetensors_header(content, content.size(), path.string());
  TensorFile file{.tensors = {}, .metadata = header.metadata};
  for (const TensorEntry& entry : header.entries) {
    const std::string_view bytes =
        content.substr(header.data_offset + entry.begin, entry.end - entry.begin);
    if (entry.dtype == torch::kBool && !std::all_of(bytes.begin(), bytes.end(), is_bool)) {
      throw std::runtime_error(fmt::format("{}: '{}' is BOOL and holds a byte other than 0 and 1",
                                           path.string(), entry.name));
    }
    void* data = const_cast<char*>(bytes.data());
    file.tensors.emplace(entry.name, torch::from_blob(
                                         data, entry.shape, [mapped](void*) {}, entry.dtype));
  }
  return file;
}

TensorFile read_safetensors(const fs::path& path) {
  TensorFile file = map_safetensors(path);
  for (auto& [name, tensor] : file.tensors) {
    tensor = tensor.clone();
  }
  return file;
}

void write_safetensors(const fs::path& path, const TensorFile& file) {
  std::vector<TensorStream> streams;
  for (const auto& [name, tensor] : file.tensors) {
    if (!tensor.defined()) {
      throw std::invalid_argument(fmt::format("safetensors: tensor '{}' is undefined", name));
    }
    const torch::Tensor plain =
        tensor.layout() == torch::kStrided ? tensor.detach() : tensor.detach().to_dense();
    const torch::Tensor contiguous = plain.to(torch::kCPU).contiguous();
    streams.push_back({name, tensor.scalar_type(), tensor.sizes().vec(),
                       [contiguous](const ByteSink& sink) { sink(bytes_of(contiguous)); }});
  }
  write_safetensors(path, std::move(streams), file.metadata);
}

void write_safetensors(const fs::path& path, std::vector<TensorStream> tensors,
                       const std::map<std::string, std::string>& metadata) {
  const auto place = [](const TensorStream& tensor) {
    return std::tuple(-static_cast<std::int64_t>(torch::elementSize(tensor.dtype)),
                      std::string_view(tensor.name));
  };
  std::sort(tensors.begin(), tensors.end(),
            [&](const auto& a, const auto& b) { return place(a) < place(b); });
  Json header = Json::object();
  if (!metadata.empty()) {
    header[kMetadataKey] = metadata;
  }
  std::vector<std::uint64_t> ends;
  std::uint64_t offset = 0;
  for (const TensorStream& tensor : tensors) {
    if (tensor.name == kMetadataKey || header.contains(tensor.name)) {
      throw std::invalid_argument(fmt::format(
          "safetensors: '{}' cannot be the name of a tensor, or is taken", tensor.name));
    }
    const std::string_view dtype = name_of(tensor.dtype);
    std::uint64_t bytes = torch::elementSize(tensor.dtype);
    for (const std::int64_t extent : tensor.shape) {
      if (extent < 0) {
        throw std::invalid_argument(
            fmt::format("safetensors: '{}' has a negative extent {}", tensor.name, extent));
      }
      bytes *= static_cast<std::uint64_t>(extent);
    }
    header[tensor.name] = {
        {"dtype", dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
    ends.push_back(offset);
  }
  std::string text = header_text(header);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // data begins at a multiple of eight bytes
  const std::uint64_t length = text.size();

  write_file_atomically(path, [&](const ByteSink& sink) {
    sink(std::as_bytes(std::span(&length, 1)));
    sink(std::as_bytes(std::span(text)));
    std::uint64_t written = 0;
    const ByteSink counted = [&](std::span<const std::byte> bytes) {
      written += bytes.size();
      sink(bytes);
    };
    for (std::size_t k = 0; k < tensors.size(); ++k) {
      tensors[k].produce(counted);
      if (written != ends[k]) {
        throw std::logic_error(
            fmt::format("safetensors: the stream of '{}' ended at byte {}, not {}", tensors[k].name,
                        written, ends[k]));
      }
    }
  });
}

}  // namespace tandem
