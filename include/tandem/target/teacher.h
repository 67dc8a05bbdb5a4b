#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "tandem/core/fingerprint.h"
#include "tandem/target/content.h"

namespace tandem {

/// Something that answers views. It normalises pixels itself, since it may have been trained with
/// other statistics than the student.
class Teacher {
 public:
  virtual ~Teacher() = default;

  /// What the teacher says of each image: `pixels` uint8 [n, channels, height, width] on the CPU
  /// in, fp32 [n, width(content)] on the CPU out, detached. `probs` are softmax(logits /
  /// temperature); other content has no use for the temperature. An image's answer depends on that
  /// image alone, to the last bit (on one machine and at one number of threads), whatever else is
  /// in the batch. Throws std::invalid_argument for content that this teacher does not give, for
  /// other pixels and for a temperature that is not positive; std::runtime_error that names the
  /// teacher for an answer that is not finite.
  virtual torch::Tensor answer(const torch::Tensor& pixels, Content content,
                               double temperature) = 0;

  /// Scalars of an answer. Throws std::invalid_argument for content that this teacher does not
  /// give.
  virtual std::int64_t width(Content content) const = 0;

  virtual std::int64_t class_count() const = 0;

  /// Of all that decides its answers (weights, normalisation, ...), wherever they came from.
  virtual const Fingerprint& fingerprint() const = 0;

  /// Which validation split its training held out (see kTrainedOnNote), where that is known.
  virtual std::optional<std::string> trained_on() const { return std::nullopt; }

  /// What a person should know of how it was read; empty where there is nothing.
  virtual std::string remark() const { return {}; }
};

}  // namespace tandem
