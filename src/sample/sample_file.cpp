#include "tandem/sample/sample_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/core/parameter_text.h"
#include "tandem/core/safetensors.h"

namespace tandem {
namespace {

/// fp32 images may leave 0..1 so far without being taken for normalised ones.
constexpr double kSlack = 0.05;

constexpr double kSumTolerance = 1e-3;

/// Reads one file and refuses in words.
class SampleReader {
 public:
  SampleReader(const std::filesystem::path& path, const ImageShape& shape, std::int64_t classes)
      : path_(path), shape_(shape), classes_(classes), file_(read_safetensors(path)) {}

  SampleFile read() {
    for (const auto& [name, tensor] : file_.tensors) {
      if (name != "images" && name != "labels" && name != "soft_labels") {
        refuse(fmt::format("tensor '{}' is unknown; known: images, labels, soft_labels", name));
      }
    }
    SampleFile samples;
    read_images(samples);
    samples.labels = labels(samples.images.size(0));
    if (file_.tensors.contains("soft_labels")) {
      samples.soft_labels = soft_labels(samples.images.size(0));
    }
    return samples;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw std::runtime_error(fmt::format("{}: not a file of samples: {}", path_.string(), why));
  }

  static std::string describe(const torch::Tensor& tensor) {
    return fmt::format("{} [{}]", torch::toString(tensor.scalar_type()),
                       fmt::join(tensor.sizes(), ", "));
  }

  const torch::Tensor& tensor(const std::string& name, const std::string& expected) const {
    const auto found = file_.tensors.find(name);
    if (found == file_.tensors.end()) {
      refuse(fmt::format("it lacks '{}', {}", name, expected));
    }
    return found->second;
  }

  void check_finite(const torch::Tensor& values, const std::string& name) const {
    if (!values.isfinite().all().item<bool>()) {
      refuse(fmt::format("'{}' holds numbers that are not finite", name));
    }
  }

  /// fp64 [1, channels, 1, 1] from the metadata.
  torch::Tensor per_channel(const std::string& name) const {
    const std::string_view text = file_.metadata.at(name);
    std::vector<double> numbers;
    constexpr const char* kBetween = " ,[]()";
    for (std::size_t begin = text.find_first_not_of(kBetween); begin != std::string::npos;) {
      const std::size_t end = std::min(text.find_first_of(kBetween, begin), text.size());
      const auto number = parse_number<double>(text.substr(begin, end - begin));
      if (!number) {
        numbers.clear();
        break;
      }
      numbers.push_back(*number);
      begin = text.find_first_not_of(kBetween, end);
    }
    const bool positive = name != "std" || std::all_of(numbers.begin(), numbers.end(),
                                                       [](double number) { return number > 0; });
    if ((numbers.size() != 1 && std::ssize(numbers) != shape_.channels) || !positive) {
      refuse(
          fmt::format("the metadata's '{}' should be a number{} or one for each of {} channels, "
                      "is '{}'",
                      name, name == "std" ? " > 0" : "", shape_.channels, text));
    }
    return torch::tensor(numbers, torch::kFloat64).view({1, -1, 1, 1});
  }

  /// fp64 in 0..1, or nearly.
  torch::Tensor unit_pixels(const torch::Tensor& images) const {
    const torch::Tensor values = images.to(torch::kFloat64);
    const bool has_mean = file_.metadata.contains("mean"), has_std = file_.metadata.contains("std");
    if (has_mean != has_std) {
      refuse(fmt::format("the metadata say '{}' and not '{}'", has_mean ? "mean" : "std",
                         has_mean ? "std" : "mean"));
    }
    if (has_mean) {
      return values * per_channel("std") + per_channel("mean");
    }
    const double lowest = values.min().item<double>(), highest = values.max().item<double>();
    if (lowest < -kSlack || highest > 1 + kSlack) {
      refuse(
          fmt::format("fp32 images should be in 0..1, are in {:.4g}..{:.4g}; if they were "
                      "normalised, say how in the metadata: mean and std per channel, of pixels in "
                      "0..1",
                      lowest, highest));
    }
    return values;
  }

  void read_images(SampleFile& samples) const {
    const std::string expected =
        fmt::format("uint8 or fp32 [n, {}, {}, {}]", shape_.channels, shape_.height, shape_.width);
    const torch::Tensor& images = tensor("images", expected);
    const bool fits = images.dim() == 4 && images.size(0) > 0 &&
                      images.size(1) == shape_.channels && images.size(2) == shape_.height &&
                      images.size(3) == shape_.width;
    const bool bytes = images.scalar_type() == torch::kUInt8;
    if (!fits || (!bytes && images.scalar_type() != torch::kFloat32)) {
      refuse(fmt::format("'images' should be {}, is {}", expected, describe(images)));
    }
    if (bytes) {
      samples.images = images.contiguous();
      return;
    }
    check_finite(images, "images");
    const torch::Tensor wanted = unit_pixels(images) * 255;
    const torch::Tensor clipped = wanted.clamp(0, 255);
    const torch::Tensor rounded = (clipped + 0.5).floor().clamp_max(255);
    samples.largest_clipping = (wanted - clipped).abs().max().item<double>();
    samples.clipped_pct = 100 * (wanted != clipped).to(torch::kFloat64).mean().item<double>();
    samples.largest_rounding = (rounded - clipped).abs().max().item<double>();
    samples.images = rounded.to(torch::kUInt8).contiguous();
  }

  torch::Tensor labels(std::int64_t count) const {
    const std::string expected = fmt::format("int64 [{}] in 0..{}", count, classes_ - 1);
    const torch::Tensor& labels = tensor("labels", expected);
    if (labels.scalar_type() != torch::kInt64 || labels.dim() != 1 || labels.size(0) != count) {
      refuse(fmt::format("'labels' should be {}, is {}", expected, describe(labels)));
    }
    const auto lowest = labels.min().item<std::int64_t>();
    const auto highest = labels.max().item<std::int64_t>();
    if (lowest < 0 || highest >= classes_) {
      refuse(fmt::format("'labels' should be {}, has {}..{}", expected, lowest, highest));
    }
    return labels.contiguous();
  }

  torch::Tensor soft_labels(std::int64_t count) const {
    const torch::Tensor& soft = file_.tensors.at("soft_labels");
    if (soft.scalar_type() != torch::kFloat32 || soft.dim() != 2 || soft.size(0) != count ||
        soft.size(1) != classes_) {
      refuse(fmt::format("'soft_labels' should be Float [{}, {}], is {}", count, classes_,
                         describe(soft)));
    }
    check_finite(soft, "soft_labels");
    const torch::Tensor sums = soft.to(torch::kFloat64).sum(1);
    const torch::Tensor errors = (sums - 1).abs();
    const auto worst = errors.argmax().item<std::int64_t>();
    const double lowest = soft.min().item<double>();
    if (lowest < 0 || errors[worst].item<double>() > kSumTolerance) {
      refuse(
          fmt::format("'soft_labels' should be probabilities (of logits, take the softmax): the "
                      "least is {:.4g}, those of sample {} sum to {:.6g}",
                      lowest, worst, sums[worst].item<double>()));
    }
    return soft.contiguous();
  }

  std::filesystem::path path_;
  ImageShape shape_;
  std::int64_t classes_;
  TensorFile file_;
};

}  // namespace

SampleFile read_sample_file(const std::filesystem::path& path, const ImageShape& shape,
                            std::int64_t classes) {
  return SampleReader(path, shape, classes).read();
}

std::string conversion_text(const SampleFile& file) {
  if (file.largest_rounding == 0 && file.largest_clipping == 0) {
    return "";
  }
  return fmt::format(
      "images became 8 bits: rounded by up to {:.3f} steps of 0..255, {:.2f} % of pixels clipped, "
      "by up to {:.1f} steps",
      file.largest_rounding, file.clipped_pct, file.largest_clipping);
}

}  // namespace tandem
