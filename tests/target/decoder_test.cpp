// Decoding from memory, against LibTorch's own conversions. Stores of every encoding are compared
// with a second implementation in tests/python.

#include "tandem/target/decoder.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstring>
#include <numeric>

#include "tandem/core/key.h"
#include "tandem/core/tensor_bytes.h"

namespace tandem {
namespace {

constexpr std::int64_t kHalves = 1 << 16;

/// Every number that fp16 has, fp16 [kHalves]; NaN, which has many forms, is left out.
torch::Tensor all_halves() {
  torch::Tensor bits = torch::arange(kHalves, torch::kInt32).to(torch::kInt16);
  torch::Tensor halves = torch::empty({kHalves}, torch::kFloat16);
  std::memcpy(halves.data_ptr(), bits.data_ptr(), halves.nbytes());
  return halves.masked_fill(halves.isnan(), 0);
}

torch::Tensor gather(const Encoding& encoding, std::int64_t width, const torch::Tensor& values,
                     const std::vector<std::int64_t>& rows) {
  torch::Tensor decoded = torch::empty({std::ssize(rows), width}, torch::kFloat32);
  Decoder(encoding, Content::kLogits, width, {bytes_of(values).data()})
      .gather(rows, decoded.data_ptr<float>());
  return decoded;
}

TEST(Decoder, DecodesEveryHalfExactlyAtEveryWidth) {
  const torch::Tensor halves = all_halves();
  for (const std::int64_t width : {1, 4, 7, 8, 10, 16, 23, 100}) {
    const std::int64_t count = (kHalves + width - 1) / width;
    const torch::Tensor filled_up =
        torch::cat({halves, halves.narrow(0, 0, count * width - kHalves)});
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
    std::iota(rows.begin(), rows.end(), 0);
    const torch::Tensor decoded = gather(Encoding::parse("fp16"), width, filled_up, rows);
    EXPECT_TRUE(torch::equal(decoded.flatten(), filled_up.to(torch::kFloat32))) << width;
  }
}

TEST(Decoder, GathersFewRowsManyRowsAndRepeatedRowsInTheOrderAskedFor) {
  const torch::Tensor values = torch::arange(100 * 3, torch::kFloat32);
  for (const std::int64_t count : {0, 1, 15, 16, 17, 100}) {
    std::vector<std::int64_t> rows = permutation(100, {1, Stream::kOrder});
    rows.resize(static_cast<std::size_t>(count));
    rows.insert(rows.end(), rows.begin(), rows.begin() + count / 2);
    const torch::Tensor expected =
        values.view({100, 3}).index_select(0, torch::tensor(rows, torch::kInt64));
    EXPECT_TRUE(torch::equal(gather(Encoding::parse("fp32"), 3, values, rows), expected)) << count;
  }
}

}  // namespace
}  // namespace tandem
