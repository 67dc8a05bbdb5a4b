#pragma once

#include <string>

#include "tandem/dataset/dataset.h"
#include "tandem/dataset/load_options.h"

namespace tandem {

// From the folder of a data set that is made of pictures to a split of it; `options.folder` says
// where it is, `options.size` is positive.
Dataset read_image_folder(std::string name, Split split, const LoadOptions& options);
Dataset read_tiny_imagenet_files(std::string name, Split split, const LoadOptions& options);
Dataset read_imagenette_files(std::string name, Split split, const LoadOptions& options);

}  // namespace tandem
