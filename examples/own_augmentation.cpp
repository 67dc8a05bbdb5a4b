// An augmentation of one's own, used by name in a policy like any other.
//
// Prints: solarised 54 of 100 views, and the same ones again
#include <iostream>

#include <tandem/tandem.h>

/// "solarise-half": inverts the bright half of the pixels of every second view or so.
class SolariseHalf : public tandem::Augmentation {
 public:
  Part part() const override { return Part::kOperations; }

  void draw(const tandem::ViewKey& key, const tandem::ImageShape&,
            tandem::View& view) const override {
    static const tandem::Stream own = tandem::user_stream("solarise-half");
    if (tandem::RandomStream(key.stream(own)).below(2) == 1) {
      view.operations.push_back(tandem::solarize(128));
    }
  }

  std::string text() const override { return "solarise-half"; }
};

int main() {
  tandem::register_augmentation("solarise-half", [](std::string_view parameter) {
    if (!parameter.empty()) {
      throw std::invalid_argument("solarise-half: expected no parameter");
    }
    return std::make_unique<SolariseHalf>();
  });

  const auto policy = tandem::ViewPolicy::parse("pad-crop:2,flip,solarise-half");
  const tandem::ImageShape shape{1, 28, 28};
  int solarised = 0, same = 0;
  for (std::uint32_t sample = 0; sample < 100; ++sample) {
    const tandem::ViewKey key{/*seed=*/7, /*epoch=*/0, sample};
    const tandem::View view = policy.draw(key, shape, /*samples=*/100);
    solarised += view.operations.empty() ? 0 : 1;
    same += policy.draw(key, shape, 100) == view ? 1 : 0;
  }
  std::cout << "solarised " << solarised << " of 100 views, and "
            << (same == 100 ? "the same ones again\n" : "other ones later\n");
}
