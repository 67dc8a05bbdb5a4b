#include <fmt/format.h>

#include "augmentations/parameter.h"
#include "tandem/view/operations.h"

namespace tandem {
namespace {

/// "grayscale:P": grey with probability P.
class Grayscale : public Augmentation {
 public:
  explicit Grayscale(double probability) : probability_(probability) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape&, View& view) const override {
    if (RandomStream(key.stream(Stream::kGrayscale)).uniform() < probability_) {
      view.operations.push_back(grayscale());
    }
  }

  std::string text() const override { return fmt::format("grayscale:{}", probability_); }

 private:
  double probability_;
};

std::unique_ptr<Augmentation> parse_grayscale(std::string_view parameter) {
  const double probability = number_of(kGrayscaleEntry, parameter);
  if (!(probability > 0 && probability <= 1)) {
    refuse(kGrayscaleEntry, "a probability above 0, at most 1", parameter);
  }
  return std::make_unique<Grayscale>(probability);
}

}  // namespace

constinit const AugmentationEntry kGrayscaleEntry{"grayscale", "grayscale:PROBABILITY",
                                                  parse_grayscale};

}  // namespace tandem
