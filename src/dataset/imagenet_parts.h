#pragma once

#include <filesystem>

#include "image_folder.h"

namespace tandem {

// Parts of ImageNet that others cut out, each in a layout of its own.

/// tiny-imagenet-200 as distributed (http://cs231n.stanford.edu/tiny-imagenet-200.zip): the test
/// split is val, whose classes val/val_annotations.txt states. Classes come in the order of
/// wnids.txt, named by the first word that words.txt has for them.
ImageListing list_tiny_imagenet(const std::filesystem::path& root, Split split);

/// imagenette2 (https://github.com/fastai/imagenette): train and val with a folder for each of ten
/// WordNet numbers, named in words.
ImageListing list_imagenette(const std::filesystem::path& root, Split split);

}  // namespace tandem
