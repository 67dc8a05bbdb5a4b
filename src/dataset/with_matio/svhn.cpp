#include "svhn.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <matio.h>
#include <torch/types.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>

#include "size_of_file.h"

namespace tandem {
namespace {

constexpr std::int64_t kSvhnSide = 32;
constexpr std::int64_t kSvhnChannels = 3;
constexpr int kDigits = 10;
constexpr std::int64_t kMostDeflated = 1032;  // zlib's bound on what a byte can inflate to

struct CloseMat {
  void operator()(mat_t* file) const { Mat_Close(file); }
};
struct FreeVariable {
  void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
};
using Variable = std::unique_ptr<matvar_t, FreeVariable>;

class MatFile {
 public:
  explicit MatFile(const std::filesystem::path& path)
      : path_(path),
        most_elements_(size_of_file(path) * kMostDeflated),
        file_(Mat_Open(path.c_str(), MAT_ACC_RDONLY)) {
    if (file_ == nullptr || Mat_GetVersion(file_.get()) != MAT_FT_MAT5) {
      fail("a MATLAB 5 file", "another or a damaged one");
    }
  }

  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw std::runtime_error(
        fmt::format("{}: expected {}, found {}", path_.string(), expected, found));
  }

  /// The head of a real, dense, numeric variable; its data is not read yet.
  Variable find(const char* name) const {
    Variable variable(Mat_VarReadInfo(file_.get(), name));
    if (variable == nullptr) {
      fail(fmt::format("a variable {}", name), "none");
    }
    const bool numeric =
        variable->class_type == MAT_C_UINT8 || variable->class_type == MAT_C_DOUBLE;
    if (!numeric || variable->isComplex != 0) {
      fail(fmt::format("{} of real uint8 or double", name),
           fmt::format("MATLAB class {}{}", static_cast<int>(variable->class_type),
                       variable->isComplex != 0 ? ", complex" : ""));
    }
    std::int64_t elements = 1;  // each takes at least a byte of the file, before compression
    for (const std::size_t size : shape_of(variable)) {
      if (size == 0 || static_cast<std::int64_t>(size) > most_elements_ / elements) {
        fail(fmt::format("{} within the file's size", name), shape_text(variable));
      }
      elements *= static_cast<std::int64_t>(size);
    }
    return variable;
  }

  void read(const Variable& variable) const {
    if (Mat_VarReadDataAll(file_.get(), variable.get()) != 0 || variable->data == nullptr) {
      fail(fmt::format("the data of {}", variable->name), "the file truncated or damaged");
    }
  }

  static std::span<const std::size_t> shape_of(const Variable& variable) {
    return {variable->dims, static_cast<std::size_t>(variable->rank)};
  }

  static std::string shape_text(const Variable& variable) {
    return fmt::format("{} of [{}]", variable->name, fmt::join(shape_of(variable), ", "));
  }

 private:
  const std::filesystem::path& path_;
  std::int64_t most_elements_;
  std::unique_ptr<mat_t, CloseMat> file_;
};

torch::Tensor read_images(const MatFile& file) {
  const Variable x = file.find("X");
  const auto shape = MatFile::shape_of(x);
  if (x->class_type != MAT_C_UINT8 || shape.size() != 4 || shape[0] != kSvhnSide ||
      shape[1] != kSvhnSide || shape[2] != kSvhnChannels) {
    file.fail("X of uint8 [32, 32, 3, n]", MatFile::shape_text(x));
  }
  file.read(x);
  // MATLAB's first index runs fastest: in memory this is [n, channel, column, row].
  return torch::from_blob(
             x->data, {static_cast<std::int64_t>(shape[3]), kSvhnChannels, kSvhnSide, kSvhnSide},
             torch::kUInt8)
      .transpose(2, 3)
      .clone(torch::MemoryFormat::Contiguous);
}

torch::Tensor read_digits(const MatFile& file, std::int64_t count) {
  const Variable y = file.find("y");
  if (!std::ranges::equal(MatFile::shape_of(y),
                          std::vector<std::size_t>{static_cast<std::size_t>(count), 1})) {
    file.fail(fmt::format("y of [{}, 1], a label per image", count), MatFile::shape_text(y));
  }
  file.read(y);
  const torch::Dtype type = y->class_type == MAT_C_UINT8 ? torch::kUInt8 : torch::kFloat64;
  const torch::Tensor found = torch::from_blob(y->data, {count}, type).to(torch::kFloat64);
  const torch::Tensor digits = torch::empty({count}, torch::kInt64);
  for (std::int64_t record = 0; record < count; ++record) {
    const double label = found.data_ptr<double>()[record];
    if (!(label >= 1 && label <= kDigits) || label != static_cast<int>(label)) {
      file.fail("labels in 1..10", fmt::format("{} in record {}", label, record));
    }
    digits.data_ptr<std::int64_t>()[record] = static_cast<int>(label) % kDigits;
  }
  return digits;
}

}  // namespace

Dataset read_svhn(std::string name, const std::filesystem::path& path,
                  std::vector<std::string> class_names) {
  const MatFile file(path);
  const torch::Tensor images = read_images(file);
  const torch::Tensor digits = read_digits(file, images.size(0));
  return Dataset(std::move(name), images, digits, std::move(class_names));
}

}  // namespace tandem
