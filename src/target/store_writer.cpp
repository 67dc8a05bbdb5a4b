#include "tandem/target/store_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "tandem/core/checksum.h"
#include "tandem/core/safetensors.h"
#include "tandem/core/tensor_bytes.h"

namespace tandem {
namespace {

using Piece = std::span<const std::byte>;

/// One row tensor, in the pieces that the parts hold.
class StoredColumn {
 public:
  /// The `place`-th tensor of each part.
  StoredColumn(const RowTensor& tensor, std::size_t place, const std::vector<EncodedRows>& parts)
      : stride_(static_cast<std::size_t>(tensor.bytes_per_row())) {
    for (const EncodedRows& part : parts) {
      const torch::Tensor& rows = part.at(place);
      if (rows.scalar_type() != tensor.dtype || rows.dim() != 2 || rows.size(1) != tensor.columns ||
          !rows.is_contiguous()) {
        throw std::runtime_error(
            fmt::format("a part of a store: '{}' should be {} [n, {}], is {} [{}]", tensor.name,
                        torch::toString(tensor.dtype), tensor.columns,
                        torch::toString(rows.scalar_type()), fmt::join(rows.sizes(), ", ")));
      }
      pieces_.push_back(bytes_of(rows));
      bytes_ += pieces_.back().size();
    }
  }

  std::int64_t rows() const { return static_cast<std::int64_t>(bytes_ / stride_); }
  const std::vector<Piece>& pieces() const { return pieces_; }

  /// Adds the next `rows` rows to a checksum.
  void add_rows(std::int64_t rows, Crc32& checksum) {
    for (std::size_t left = static_cast<std::size_t>(rows) * stride_; left > 0;) {
      const Piece rest = pieces_[piece_].subspan(place_);
      const Piece taken = rest.first(std::min(left, rest.size()));
      checksum.bytes(taken);
      left -= taken.size();
      place_ += taken.size();
      if (place_ == pieces_[piece_].size()) {
        ++piece_;
        place_ = 0;
      }
    }
  }

 private:
  std::size_t stride_;
  std::vector<Piece> pieces_;
  std::size_t bytes_ = 0;
  std::size_t piece_ = 0, place_ = 0;
};

torch::Tensor block_checksums(std::vector<StoredColumn>& columns, std::int64_t keys) {
  std::vector<std::int64_t> checksums;
  for (std::int64_t first = 0; first < keys; first += kBlockRows) {
    Crc32 checksum;
    for (StoredColumn& column : columns) {
      column.add_rows(std::min(kBlockRows, keys - first), checksum);
    }
    checksums.push_back(checksum.digest());
  }
  return torch::tensor(checksums, torch::kInt64);
}

std::string checksum_of(const std::map<std::string, torch::Tensor>& tables) {
  Crc32 checksum;
  for (const auto& [name, tensor] : tables) {
    const torch::Tensor contiguous = tensor.contiguous();
    checksum.bytes(bytes_of(contiguous));
  }
  return checksum.hex();
}

}  // namespace

void write_store(const std::filesystem::path& path, const StoreDescription& description,
                 std::map<std::string, torch::Tensor> tables,
                 const std::vector<EncodedRows>& parts) {
  const std::int64_t keys = description.keys();
  const std::vector<RowTensor> row_tensors =
      tandem::row_tensors(description.encoding, description.content, description.width);
  std::vector<StoredColumn> columns;
  for (std::size_t t = 0; t < row_tensors.size(); ++t) {
    const RowTensor& tensor = row_tensors[t];
    columns.emplace_back(tensor, t, parts);
    if (columns.back().rows() != keys) {
      throw std::runtime_error(fmt::format("{}: the parts hold {} rows of '{}', expected {}",
                                           path.string(), columns.back().rows(), tensor.name,
                                           keys));
    }
  }
  tables["checksums"] = block_checksums(columns, keys);

  std::vector<TensorStream> streams;
  for (std::size_t t = 0; t < columns.size(); ++t) {
    streams.push_back({row_tensors[t].name,
                       row_tensors[t].dtype,
                       {keys, row_tensors[t].columns},
                       [&column = columns[t]](const ByteSink& sink) {
                         for (const Piece piece : column.pieces()) {
                           sink(piece);
                         }
                       }});
  }
  for (const auto& [name, tensor] : tables) {
    const torch::Tensor table = tensor.contiguous();
    streams.push_back({name, table.scalar_type(), table.sizes().vec(),
                       [table](const ByteSink& sink) { sink(bytes_of(table)); }});
  }
  write_safetensors(path, std::move(streams), to_metadata(description, checksum_of(tables)));
}

}  // namespace tandem
