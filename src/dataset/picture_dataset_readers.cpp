#include "picture_dataset_readers.h"

#include <stdexcept>
#include <system_error>

#include "found_files_error.h"
#include "image_cache.h"
#include "image_folder.h"
#include "imagenet_parts.h"
#include "tandem/core/interrupted.h"

namespace tandem {
namespace {

Dataset load_listed(std::string name, const ImageListing& listing, const LoadOptions& options) {
  try {
    return load_pictures(std::move(name), listing,
                         {.side = options.size,
                          .skip_bad = options.skip_bad,
                          .cache = {},
                          .report = options.report,
                          .on_progress = options.on_progress});
  } catch (const Interrupted&) {
    throw;
  } catch (const std::system_error&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw FoundFilesError(error.what());
  }
}

}  // namespace

Dataset read_image_folder(std::string name, Split split, const LoadOptions& options) {
  return load_listed(std::move(name), list_image_folder(options.folder, split), options);
}

Dataset read_tiny_imagenet_files(std::string name, Split split, const LoadOptions& options) {
  return load_listed(std::move(name), list_tiny_imagenet(options.folder, split), options);
}

Dataset read_imagenette_files(std::string name, Split split, const LoadOptions& options) {
  return load_listed(std::move(name), list_imagenette(options.folder, split), options);
}

}  // namespace tandem
