#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>

namespace tandem {

/// Some samples, their views and their targets under each cell, for a person to look at.
struct Gallery {
  torch::Tensor samples;                         ///< uint8 [s, channels, height, width]
  torch::Tensor views;                           ///< uint8 [s, v, channels, height, width]
  torch::Tensor labels;                          ///< int64 [s]
  std::map<std::string, torch::Tensor> targets;  ///< cell name -> fp32 [s, v, classes]
};

void write_gallery(const std::filesystem::path& path, const Gallery& gallery);

/// Throws std::runtime_error that names the path.
Gallery read_gallery(const std::filesystem::path& path);

}  // namespace tandem
