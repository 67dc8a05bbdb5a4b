#include "tandem/target/teacher_network.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace tandem {
namespace {

constexpr std::int64_t kChunkSizes[] = {64, 48, 32, 24, 16, 12, 8, 4, 2, 1};
constexpr int kTestImages = 2;

std::string text_of(const ImageShape& shape) {
  return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width);
}

/// Pixels of a test image, repeated: any image with a wide range of values serves.
torch::Tensor test_pixels(const ImageShape& shape, int which, std::int64_t count) {
  torch::Tensor image = torch::empty({1, shape.channels, shape.height, shape.width}, torch::kUInt8);
  std::uint8_t* pixel = image.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < image.numel(); ++i) {
    pixel[i] = static_cast<std::uint8_t>(
        (static_cast<std::uint32_t>(i + 1) * 2654435761u + static_cast<std::uint32_t>(which)) >>
        24);
  }
  return image.expand({count, -1, -1, -1}).contiguous();
}

bool rows_are_equal(const torch::Tensor& rows) {
  return !rows.defined() || rows.eq(rows[0]).all().item<bool>();
}

/// `pixels` with the last image repeated until there are `count`.
torch::Tensor filled_up(const torch::Tensor& pixels, std::int64_t count) {
  const std::int64_t missing = count - pixels.size(0);
  if (missing == 0) {
    return pixels;
  }
  return torch::cat(
      {pixels, pixels.narrow(0, pixels.size(0) - 1, 1).expand({missing, -1, -1, -1})});
}

}  // namespace

torch::Tensor network_images(const torch::Tensor& pixels, const TeacherInput& input) {
  const torch::Tensor images = normalise(pixels, input.normalisation);
  if (input.image_size == 0) {
    return images;
  }
  return torch::upsample_bilinear2d(images, {input.image_size, input.image_size},
                                    /*align_corners=*/false);
}

NetworkTeacher::NetworkTeacher(TeacherInput input, torch::Device device, const OutputWidths& widths)
    : input_(std::move(input)),
      device_(device),
      class_count_(widths.classes),
      feature_width_(widths.features) {
  const auto& [mean, stddev] = input_.normalisation;
  const auto channels = static_cast<std::size_t>(input_.shape.channels);
  if (mean.size() != channels || stddev.size() != channels) {
    throw std::invalid_argument(
        fmt::format("{}: images of {} channels need as many means and standard deviations, got {} "
                    "and {}",
                    input_.name, channels, mean.size(), stddev.size()));
  }
}

std::int64_t NetworkTeacher::width(Content content) const {
  if (content == Content::kProbs || content == Content::kLogits) {
    return class_count_;
  }
  if (content == Content::kFeatures && feature_width_ > 0) {
    return feature_width_;
  }
  throw std::invalid_argument(
      fmt::format("{}: this teacher does not give '{}'", input_.name, tandem::text_of(content)));
}

void NetworkTeacher::check(const torch::Tensor& pixels) const {
  if (!pixels.defined() || pixels.dim() != 4 ||
      ImageShape{pixels.size(1), pixels.size(2), pixels.size(3)} != input_.shape) {
    throw std::invalid_argument(fmt::format(
        "{}: this teacher answers images of {}, got pixels {}", input_.name, text_of(input_.shape),
        pixels.defined() ? fmt::format("[{}]", fmt::join(pixels.sizes(), ", ")) : "undefined"));
  }
}

NetworkTeacher::Outputs NetworkTeacher::ask(const torch::Tensor& pixels) {
  return forward(network_images(pixels, input_).to(device_));
}

bool NetworkTeacher::answers_alike(std::int64_t chunk) {
  for (int which = 0; which < kTestImages; ++which) {
    const Outputs outputs = ask(test_pixels(input_.shape, which, chunk));
    if (!rows_are_equal(outputs.logits) || !rows_are_equal(outputs.features)) {
      return false;
    }
  }
  return true;
}

std::int64_t NetworkTeacher::chunk_size() {
  const at::NoGradGuard no_grad;
  if (chunk_threads_ != at::get_num_threads()) {
    chunk_ = 1;  // alone in its chunk, an image is always at the same place
    for (const std::int64_t chunk : kChunkSizes) {
      if (chunk == 1 || answers_alike(chunk)) {
        chunk_ = chunk;
        break;
      }
    }
    chunk_threads_ = at::get_num_threads();
  }
  return chunk_;
}

torch::Tensor NetworkTeacher::answer(const torch::Tensor& pixels, Content content,
                                     double temperature) {
  const std::int64_t answer_width = width(content);
  check(pixels);
  if (!(temperature > 0)) {
    throw std::invalid_argument(
        fmt::format("{}: expected a temperature > 0, got {}", input_.name, temperature));
  }
  const at::NoGradGuard no_grad;
  const std::int64_t count = pixels.size(0);
  const std::int64_t chunk = count == 0 ? 1 : chunk_size();
  torch::Tensor answers = torch::empty({count, answer_width}, torch::kFloat32);
  for (std::int64_t first = 0; first < count; first += chunk) {
    const std::int64_t size = std::min(chunk, count - first);
    const Outputs outputs = ask(filled_up(pixels.narrow(0, first, size), chunk));
    const torch::Tensor& rows = content == Content::kFeatures ? outputs.features : outputs.logits;
    answers.narrow(0, first, size).copy_(rows.narrow(0, 0, size));
  }
  if (!answers.isfinite().all().item<bool>()) {
    throw std::runtime_error(fmt::format("{}: this teacher's {} are not all finite numbers",
                                         input_.name,
                                         content == Content::kFeatures ? "features" : "logits"));
  }
  return content == Content::kProbs ? torch::softmax(answers / temperature, 1) : answers;
}

}  // namespace tandem
