#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>

#include "peer.h"

namespace tandem::bench {

/// The tensor's bytes and nothing else, for a peer to read.
void write_tensor(const std::filesystem::path& path, const torch::Tensor& tensor);

/// Asks `peer` to make the views that we drew, in the way `rival`, and says how far its images are
/// from ours. Throws std::runtime_error if it is more than `mean_steps` steps of 8 bits on average.
void check_agreement(Peer& peer, const std::string& rival, double mean_steps);

}  // namespace tandem::bench
