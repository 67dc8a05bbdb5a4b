// What encodings cost and keep: the bounds of docs/target-store.md on ordinary and extreme rows.

#include "tandem/target/encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "tandem/core/key.h"
#include "tandem/target/decoder.h"

namespace tandem {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr double kHalfStep = 1.0 / 2048;  // relative error of fp16

torch::Tensor normal_rows(std::int64_t rows, std::int64_t width, double scale) {
  RandomStream random({.seed = 11, .stream = Stream::kInit});
  torch::Tensor values = torch::empty({rows, width});
  for (std::int64_t k = 0; k < values.numel(); ++k) {
    values.data_ptr<float>()[k] = static_cast<float>(scale * random.normal());
  }
  return values;
}

/// Distributions from nearly uniform to one-hot, and those at the very ends.
torch::Tensor many_probs(std::int64_t width) {
  torch::Tensor ends = torch::zeros({4, width});
  ends[0][width - 1] = 1;                // one-hot
  ends[1].fill_(1.0 / width);            // uniform
  ends[2][0] = ends[2][width / 2] = .5;  // p = 0 beside equal halves
  ends[3].fill_(1e-9);                   // all but one below e^-16
  ends[3][1] = static_cast<float>(1 - 1e-9 * (width - 1));
  return torch::cat({torch::softmax(normal_rows(20, width, 0.1), 1),
                     torch::softmax(normal_rows(20, width, 2), 1),
                     torch::softmax(normal_rows(20, width, 10), 1),
                     torch::softmax(normal_rows(4, width, 1e4), 1), ends});
}

/// Rows without bounds, and those at the very ends.
torch::Tensor many_logits(std::int64_t width) {
  torch::Tensor ends = torch::zeros({5, width});
  ends[0].fill_(-3.7);  // constant
  ends[1][0] = 65504;   // the whole range of fp16
  ends[1][1] = -65504;
  ends[2].fill_(1e-9);  // below fp16's smallest
  ends[2][0] = -1e-9;
  ends[3].fill_(65000.4);
  return torch::cat({normal_rows(20, width, 0.01), normal_rows(20, width, 5),
                     normal_rows(20, width, 5) + 1000, normal_rows(10, width, 1e4), ends});
}

torch::Tensor decode(const Encoding& encoding, Content content, std::int64_t width,
                     const std::vector<torch::Tensor>& encoded) {
  std::vector<const std::byte*> data;
  for (const torch::Tensor& tensor : encoded) {
    data.push_back(static_cast<const std::byte*>(tensor.data_ptr()));
  }
  std::vector<std::int64_t> rows(static_cast<std::size_t>(encoded[0].size(0)));
  std::iota(rows.begin(), rows.end(), 0);
  torch::Tensor values = torch::empty({encoded[0].size(0), width});
  Decoder(encoding, content, width, data).gather(rows, values.data_ptr<float>());
  return values;
}

torch::Tensor round_trip(const std::string& text, Content content, const torch::Tensor& values) {
  const Encoding encoding = Encoding::parse(text);
  return decode(encoding, content, values.size(1), encode(encoding, content, values));
}

/// What code q of a probability stands for, as the page says.
double probability(int q) {
  return std::exp(-16 * (q / 255.0) * (q / 255.0));
}

void expect_near(double p, double found) {
  if (p < std::exp(-16)) {
    EXPECT_FLOAT_EQ(found, probability(255)) << p;
    return;
  }
  const double minus_log = std::max(-std::log(p), 0.0);  // a sum rounds to a little above 1
  EXPECT_LE(std::abs(std::log(found) + minus_log), 0.0157 * std::sqrt(minus_log) + 0.000062 + 1e-6)
      << p;
  EXPECT_LE(std::abs(found - p), 0.0068 + 1e-6) << p;
}

void expect_distributions(const torch::Tensor& rows) {
  EXPECT_GE(rows.min().item<float>(), 0);
  EXPECT_LE((rows.to(torch::kFloat64).sum(1) - 1).abs().max().item<double>(), 1e-6);
}

TEST(Encoding, Fp32IsBitExactForAnyContent) {
  for (const std::int64_t width : {1, 10, 1000}) {
    EXPECT_TRUE(torch::equal(round_trip("fp32", Content::kProbs, many_probs(width + 1)),
                             many_probs(width + 1)));
    EXPECT_TRUE(torch::equal(round_trip("fp32", Content::kLogits, 1e30 * normal_rows(9, width, 1)),
                             1e30 * normal_rows(9, width, 1)));
  }
}

TEST(Encoding, Fp16KeepsElevenBits) {
  for (const torch::Tensor& values : {many_logits(10), many_probs(10)}) {
    const torch::Tensor wrong = (round_trip("fp16", Content::kLogits, values) - values).abs();
    const torch::Tensor allowed = (kHalfStep * values.abs()).clamp_min(std::ldexp(1, -25));
    EXPECT_TRUE((wrong <= allowed).all().item<bool>());
  }
}

TEST(Encoding, U8OfProbsKeepsEachProbabilityWithinTheBound) {
  const torch::Tensor probs = many_probs(10);
  const torch::Tensor codes = encode(Encoding::parse("u8"), Content::kProbs, probs)[0];
  for (std::int64_t k = 0; k < probs.numel(); ++k) {
    expect_near(probs.data_ptr<float>()[k], probability(codes.data_ptr<std::uint8_t>()[k]));
  }
}

TEST(Encoding, U8OfProbsDividesARowByItsSumWhichIsNearOne) {
  for (const std::int64_t width : {2, 10, 1000}) {
    const torch::Tensor probs = many_probs(width);
    const Encoding encoding = Encoding::parse("u8");
    const auto encoded = encode(encoding, Content::kProbs, probs);
    const torch::Tensor decoded = decode(encoding, Content::kProbs, width, encoded);
    expect_distributions(decoded);
    const torch::Tensor before = torch::exp(-16 * (encoded[0].to(torch::kFloat64) / 255).square());
    const torch::Tensor sums = before.sum(1, /*keepdim=*/true);
    EXPECT_TRUE(torch::allclose(decoded.to(torch::kFloat64), before / sums, 1e-6, 0));
    const torch::Tensor exact = probs.to(torch::kFloat64);
    const torch::Tensor entropy = -torch::xlogy(exact, exact).sum(1, true).clamp_max(0);
    // To first order: the second is below the square of the largest, 0.0157 * 4.
    const torch::Tensor allowed = 0.0157 * entropy.sqrt() + 0.0001 + 1.1e-7 * width + 0.004;
    EXPECT_TRUE(((sums - 1).abs() <= allowed).all().item<bool>()) << width;
  }
}

TEST(Encoding, U8OfLogitsIsWithinHalfAStepAndNeverClips) {
  for (const std::int64_t width : {1, 10, 500}) {
    const torch::Tensor logits = width > 1 ? many_logits(width) : normal_rows(9, 1, 5);
    const auto encoded = encode(Encoding::parse("u8"), Content::kLogits, logits);
    const torch::Tensor low = encoded[0].to(torch::kFloat32).select(1, 0);
    const torch::Tensor step = encoded[0].to(torch::kFloat32).select(1, 1);
    EXPECT_TRUE((low <= std::get<0>(logits.min(1))).all().item<bool>());
    EXPECT_TRUE((low + 255 * step >= std::get<0>(logits.max(1))).all().item<bool>());
    const torch::Tensor wrong = (round_trip("u8", Content::kLogits, logits) - logits).abs();
    const torch::Tensor rounding = 1e-6 * logits.abs();
    EXPECT_TRUE((wrong <= (0.5 * step).unsqueeze(1) + rounding).all().item<bool>()) << width;
  }
}

TEST(Encoding, U8OfAConstantRowIsTheConstantToTheRoundingOfFp16) {
  for (const float constant : {0.0F, 1.0F, -3.7F, 1e-9F, -1e-9F, 60001.0F}) {
    const torch::Tensor row = torch::full({1, 7}, constant);
    const torch::Tensor decoded = round_trip("u8", Content::kFeatures, row);
    EXPECT_NEAR(decoded[0][3].item<float>(), constant,
                std::max<double>(2 * kHalfStep * std::abs(constant) / 255, 6e-8))
        << constant;
  }
}

TEST(Encoding, TopKKeepsTheLargestWithinTheBoundsAndSpreadsTheRestEvenly) {
  for (const std::string text : {"top-k:3:fp16", "top-k:3:u8", "top-k:1:u8", "top-k:10:u8"}) {
    const Encoding encoding = Encoding::parse(text);
    const torch::Tensor probs = many_probs(10);
    const auto encoded = encode(encoding, Content::kProbs, probs);
    const torch::Tensor decoded = decode(encoding, Content::kProbs, 10, encoded);
    expect_distributions(decoded);
    for (std::int64_t row = 0; row < probs.size(0); ++row) {
      const torch::Tensor classes = encoded[0][row].to(torch::kInt64);
      const torch::Tensor kept = probs[row].index_select(0, classes);
      EXPECT_TRUE((kept.slice(0, 1) <= kept.slice(0, 0, -1)).all().item<bool>()) << "falling";
      double sum = 0;
      for (std::int64_t k = 0; k < encoding.top_k; ++k) {
        const double p = kept[k].item<double>();
        if (encoding.scalar == Encoding::Scalar::kU8) {
          const double found = probability(encoded[1][row][k].item<int>());
          expect_near(p, found);
          sum += found;
        } else {
          const double log = encoded[1][row][k].item<double>();
          const double exact = std::max(std::log(p), -65504.0);
          EXPECT_NEAR(log, exact, kHalfStep * std::abs(exact) + std::ldexp(1, -24)) << p;
          sum += std::exp(log);
        }
      }
      torch::Tensor others = torch::ones({10}, torch::kBool);
      others.index_fill_(0, classes, false);
      if (encoding.top_k < 10) {
        const auto count = static_cast<double>(10 - encoding.top_k);
        const double share = std::max((1 - sum) / count, probability(255) / 10);
        EXPECT_TRUE(torch::allclose(
            decoded[row].masked_select(others),
            torch::full({10 - encoding.top_k}, share / (sum + count * share)), 1e-5, 1e-7));
      }
    }
  }
}

TEST(Encoding, TopKOfEqualsTakesTheSmallerClassFirst) {
  torch::Tensor probs = torch::full({2, 5}, 0.2F);
  probs[1] = torch::tensor({0.1F, 0.3F, 0.2F, 0.3F, 0.1F});
  const torch::Tensor classes =
      encode(Encoding::parse("top-k:4:u8"), Content::kProbs, probs)[0].to(torch::kInt64);
  EXPECT_TRUE(torch::equal(classes, torch::tensor({{0, 1, 2, 3}, {1, 3, 2, 0}}, torch::kInt64)));
}

TEST(Encoding, TopKNamesClassesBeyondOneByte) {
  torch::Tensor probs = torch::zeros({1, 32768});
  probs[0][32767] = 0.75;
  probs[0][256] = 0.25;
  const torch::Tensor decoded = round_trip("top-k:2:fp16", Content::kProbs, probs);
  EXPECT_NEAR(decoded[0][32767].item<float>(), 0.75, 0.75 * 1e-3);
  EXPECT_NEAR(decoded[0][256].item<float>(), 0.25, 0.25 * 1e-3);
}

TEST(Encoding, CostsWhatThePageSays) {
  const auto bytes = [](const std::string& text, Content content, std::int64_t width) {
    return bytes_per_target(Encoding::parse(text), content, width);
  };
  EXPECT_EQ(bytes("u8", Content::kProbs, 10), 10);
  EXPECT_EQ(bytes("fp32", Content::kProbs, 10), 40);
  EXPECT_EQ(bytes("fp16", Content::kFeatures, 512), 1024);
  EXPECT_EQ(bytes("u8", Content::kLogits, 10), 14);
  EXPECT_EQ(bytes("top-k:7:u8", Content::kProbs, 256), 14);
  EXPECT_EQ(bytes("top-k:7:u8", Content::kProbs, 257), 21);
  EXPECT_EQ(bytes("top-k:7:u8", Content::kProbs, 1000), 21);
  EXPECT_EQ(bytes("top-k:7:fp16", Content::kProbs, 1000), 28);
  const auto encoded = encode(Encoding::parse("top-k:7:u8"), Content::kProbs, many_probs(1000));
  EXPECT_EQ(encoded[0].nbytes() + encoded[1].nbytes(), 21u * encoded[0].size(0));
}

TEST(Encoding, IsWrittenAsItIsRead) {
  for (const std::string text : {"fp32", "fp16", "u8", "top-k:1:u8", "top-k:12:fp16"}) {
    EXPECT_EQ(Encoding::parse(text).text(), text);
  }
}

TEST(Encoding, RefusesUnknownFormsAndListsTheKnown) {
  for (const std::string text :
       {"", "int8", "FP32", "fp32 ", "top-k", "top-k:3", "top-k:3:", "top-k:0:u8", "top-k:-1:u8",
        "top-k:3:fp32", "top-k:x:u8", "top-k:3:u8:u8", "top-k:99999999999999999999:u8"}) {
    EXPECT_THAT([&] { Encoding::parse(text); },
                ThrowsMessage<std::invalid_argument>(
                    HasSubstr("top-k:K:fp16 or top-k:K:u8 with K >= 1, got '" + text + "'")));
  }
}

TEST(Encoding, RefusesWhatItCannotHold) {
  const auto encoding = [](const std::string& text, Content content, const torch::Tensor& values) {
    return [=] { encode(Encoding::parse(text), content, values); };
  };
  EXPECT_THAT(encoding("top-k:2:u8", Content::kLogits, torch::ones({1, 3})),
              ThrowsMessage<std::invalid_argument>(HasSubstr("logits need a dense one")));
  EXPECT_THAT(encoding("top-k:4:u8", Content::kProbs, torch::ones({1, 3})),
              ThrowsMessage<std::invalid_argument>(HasSubstr("K <= classes")));
  EXPECT_THAT(encoding("top-k:4:u8", Content::kProbs, torch::ones({1, 32769})),
              ThrowsMessage<std::invalid_argument>(HasSubstr("got 32769 classes")));
  EXPECT_THAT(encoding("u8", Content::kProbs, torch::ones({3})),
              ThrowsMessage<std::invalid_argument>(HasSubstr("expected fp32 [n, width]")));
  EXPECT_THAT(encoding("fp32", Content::kProbs, torch::ones({1, 3}, torch::kFloat64)),
              ThrowsMessage<std::invalid_argument>(HasSubstr("got Double 2D")));
  for (const float value : {65505.0F, -1e30F, std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()}) {
    for (const std::string text : {"fp16", "u8"}) {
      EXPECT_THAT(encoding(text, Content::kLogits, torch::full({2, 2}, value)),
                  ThrowsMessage<std::runtime_error>(HasSubstr("numbers up to 65504")));
    }
  }
}

}  // namespace
}  // namespace tandem
