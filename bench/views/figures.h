#pragma once

#include "program.h"

namespace tandem::bench {

/// Views per second of a policy on 32 x 32 pictures, and the same in torchvision and PyTorch.
void measure_pad_crop(const Setting& setting);
void measure_resized_crop(const Setting& setting);
void measure_color_jitter(const Setting& setting);
void measure_randaugment(const Setting& setting);

/// Images per second of training on views, and on one batch over and over.
void measure_train(const Setting& setting);

/// Views per second of JPEG files, and the same in torchvision.
void measure_jpeg(const Setting& setting);

}  // namespace tandem::bench
