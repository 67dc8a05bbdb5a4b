// The reader of decoded pictures. Behind wrong fingerprints nothing would be tried, so those of the
// tables are set right.

#include <span>

#include "fuzz_target.h"
#include "image_cache_file.h"
#include "image_cache_writer.h"
#include "tandem/core/safetensors.h"
#include "tandem/core/tensor_bytes.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

constexpr Fingerprint kContent{.high = 1, .low = 2};

CacheContent expected_content() {
  CacheContent content;
  content.content = kContent;
  content.side = 2;
  content.class_names = {"a", "b"};
  content.files = {"a/1.png", "b/2.png"};
  content.labels = {0, 1};
  return content;
}

void read_cache(const std::filesystem::path& path) {
  read_or_refuse([&] { open_cache_file(path, expected_content()); });
  read_or_refuse([&] { check_image_cache(path); });
}

/// Throws where the tables are not of their types.
void set_fingerprints(TensorFile& file) {
  const auto numbers = [&](const char* name) {
    const torch::Tensor tensor = file.tensors.at(name);
    if (tensor.scalar_type() != torch::kInt64) {
      throw std::runtime_error("not int64");
    }
    return std::span<const std::int64_t>(tensor.data_ptr<std::int64_t>(),
                                         static_cast<std::size_t>(tensor.numel()));
  };
  const auto text = [&](const char* name) {
    const auto bytes = bytes_of(file.tensors.at(name));
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  file.metadata["tandem.tables"] =
      fingerprint_of_tables(numbers("labels"), numbers("fingerprints"), numbers("sums"),
                            text("files"), text("report"))
          .hex();
  file.metadata["tandem.content"] = kContent.hex();
}

}  // namespace

void read_input(std::string_view bytes) {
  static const TemporaryFolder folder;
  const MemoryFile input(bytes);
  read_cache(input.path());
  try {
    TensorFile file = read_safetensors(input.path());
    set_fingerprints(file);
    write_safetensors(folder.path() / "sealed", file);
  } catch (const std::exception&) {  // no tensors that could be sealed
    return;
  }
  read_cache(folder.path() / "sealed");
}

void write_seeds(const std::filesystem::path& folder) {
  CacheContent content = expected_content();
  content.bad = {{1, "a truncated PNG"}};
  const auto writer = CacheFileWriter::start(folder / "cache", 2, content.side);
  const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(writer->image_bytes()), 9);
  writer->write(0, pixels.data());
  writer->finish(content);
}

}  // namespace tandem
