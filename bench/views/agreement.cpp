#include "agreement.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "lines.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/tensor_bytes.h"

namespace tandem::bench {

void write_tensor(const std::filesystem::path& path, const torch::Tensor& tensor) {
  write_file_atomically(path, [&](const ByteSink& sink) { sink(bytes_of(tensor)); });
}

void check_agreement(Peer& peer, const std::string& rival, double mean_steps) {
  std::istringstream answer(peer.ask(fmt::format("check {}", rival)));
  double mean = 0, largest = 0, equal_pct = 0;
  answer >> mean >> largest >> equal_pct;
  if (!answer || !(mean <= mean_steps)) {
    throw std::runtime_error(
        fmt::format("{} makes other views: {} steps of 8 bits apart on average, bound {}", rival,
                    answer ? mean : -1, mean_steps));
  }
  note("  agrees with {}: {:.1f} % of the pixels equal, mean difference {:.4f} and largest {:.1f}",
       rival, equal_pct, mean, largest);
}

}  // namespace tandem::bench
