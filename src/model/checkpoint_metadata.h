#pragma once

#include <map>
#include <string>

#include "tandem/dataset/normalisation.h"
#include "tandem/model/backbone.h"

namespace tandem {

/// What a checkpoint says of itself beside its tensors. The keys begin with "tandem."; any other
/// key is a note.
struct CheckpointMetadata {
  ModelConfig model;
  ImageShape shape;
  std::int64_t class_count = 0;
  Normalisation normalisation;
  bool has_fingerprint = true;  ///< of its content; format 1 had none
};

/// Adds `checkpoint`, but its fingerprint, to the notes in `metadata`. Throws std::invalid_argument
/// for a note that takes a "tandem." key and for a normalisation that does not fit the images.
void add_metadata(std::map<std::string, std::string>& metadata,
                  const CheckpointMetadata& checkpoint);

/// The inverse; numbers come back bit for bit. Throws std::runtime_error that starts with `source`.
CheckpointMetadata read_metadata(const std::map<std::string, std::string>& metadata,
                                 const std::string& source);

}  // namespace tandem
