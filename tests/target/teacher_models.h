#pragma once

#include <memory>

#include "tandem/core/key.h"
#include "tandem/model/initialise.h"
#include "tandem/target/teacher_model.h"

namespace tandem {

inline constexpr ImageShape kTeacherImages{.channels = 3, .height = 20, .width = 18};

/// Random pixels uint8 [n, channels, height, width]; equal seeds give equal pixels.
inline torch::Tensor random_pixels(std::int64_t n, const ImageShape& shape = kTeacherImages,
                                   std::uint64_t seed = 1) {
  torch::Tensor pixels =
      torch::empty({n, shape.channels, shape.height, shape.width}, torch::kUInt8);
  RandomStream random({.seed = seed, .stream = Stream::kOrder});
  std::uint8_t* pixel = pixels.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < pixels.numel(); ++i) {
    pixel[i] = static_cast<std::uint8_t>(random.below(256));
  }
  return pixels;
}

inline Normalisation teacher_normalisation() {
  return {.mean = {0.5, 0.4, 0.6}, .stddev = {0.25, 0.25, 0.5}};
}

/// A model whose batch statistics are those of random images, so that its answers vary.
inline std::shared_ptr<Model> random_model(const ModelConfig& config, std::int64_t classes = 10,
                                           const ImageShape& shape = kTeacherImages,
                                           std::uint64_t seed = 3) {
  const at::NoGradGuard no_grad;
  auto model = std::make_shared<Model>(config, shape, HeadWidths{.classes = classes});
  initialise(*model, seed);
  for (int k = 0; k < 5; ++k) {
    model->forward(normalise(random_pixels(16, shape, 100 + k), teacher_normalisation()));
  }
  model->eval();
  return model;
}

inline std::shared_ptr<ModelTeacher> random_teacher(const ModelConfig& config,
                                                    std::int64_t classes = 10,
                                                    std::uint64_t seed = 3) {
  return std::make_shared<ModelTeacher>(
      TrainedModel{.model = random_model(config, classes, kTeacherImages, seed),
                   .normalisation = teacher_normalisation(),
                   .fingerprint = {.high = seed, .low = 1}});
}

}  // namespace tandem
