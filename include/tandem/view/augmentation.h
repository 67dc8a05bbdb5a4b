#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// One random change to a view. Each augmentation draws from its own stream of the view's key, so
/// that its draws do not depend on what else a policy holds. Tandem's and their algorithms are in
/// docs/views.md, and how a program adds its own.
class Augmentation {
 public:
  virtual ~Augmentation() = default;

  /// What draw() sets of the view that it is given, and nothing else of it. Crop and flip are set
  /// once, before any operation; operations follow each other, and no augmentation stands twice in
  /// a policy.
  enum class Part {
    kCrop,        ///< `crop`, and `border` if it is not black; the crop is of one pixel at least
    kFlip,        ///< `flip`
    kOperations,  ///< appends to `operations`, by the functions of operations.h
  };
  virtual Part part() const = 0;

  /// Draws this augmentation's part of the view at `key` into `view`; the sample is of `shape`. A
  /// pure function of these, of which all randomness is that of `key.stream(...)`: a view may be
  /// drawn again at any time, by any thread.
  virtual void draw(const ViewKey& key, const ImageShape& shape, View& view) const = 0;

  /// Name with parameters in the syntax of a policy, e.g. "pad-crop:2": what is parsed to an
  /// augmentation that draws the same and has the same text. It stands for the augmentation in
  /// fingerprints and files.
  virtual std::string text() const = 0;
};

/// Makes an augmentation of the parameter that a policy writes after its name and a colon, empty
/// where there is neither. Throws std::invalid_argument for a bad one.
using AugmentationParser = std::function<std::unique_ptr<Augmentation>(std::string_view parameter)>;

/// Makes an augmentation of the program's own known to policies under `name`, hence to the keys of
/// a configuration that hold a policy. A program does so before it reads its first policy, in each
/// of its processes and before it has other threads: at the head of main(). Throws
/// std::invalid_argument for a name that is taken, for what is no name (core/registry.h) and
/// without a parser.
void register_augmentation(const std::string& name, AugmentationParser parser);

/// Makes one augmentation from its text. Throws std::invalid_argument for a bad parameter, one that
/// names the known augmentations for an unknown name, and one where text() leads elsewhere.
std::unique_ptr<Augmentation> parse_augmentation(const std::string& text);

}  // namespace tandem
