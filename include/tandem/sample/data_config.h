#pragma once

#include <cstdint>
#include <string>

#include "tandem/core/config.h"

namespace tandem {

/// Which samples a trial learns from and is judged on. All keys from `train` on are about what is
/// left when the validation samples are held out; neither those nor the test split ever change.
struct DataConfig {
  std::string name = "fashion-mnist";
  std::string folder;              ///< empty: default_data_folder(name)
  std::int64_t validation = 5000;  ///< samples held out of the training split, stratified

  // Of data sets that are made of pictures.
  std::int64_t size = 0;  ///< of the images, a side in pixels; 0: the data set's own
  bool skip_bad = false;  ///< leave out pictures that cannot be used, which are an error otherwise

  /// How many of the rest to learn from, by one key at most; all of them without any.
  std::int64_t train = 0;      ///< so many, in the proportions of the classes
  double fraction = 0;         ///< this share, in the proportions of the classes
  std::int64_t per_class = 0;  ///< so many of each class

  std::string choose = "random";    ///< which of a class: random, hardest, easiest or typical
  std::string scores;               ///< file of `tandem score` that says so, but for random
  double label_noise = 0;           ///< share of labels that are made wrong
  std::string noise = "symmetric";  ///< symmetric or pairwise, see noisy_labels
  std::string degrade;              ///< what is done to the images, see Degradation
  std::string samples;              ///< file or folder of samples to learn from instead
  std::int64_t seed = 0;            ///< of validation split, subset, label noise and degradation

  void visit(ConfigVisitor& visitor);
};

/// Throws std::invalid_argument for values and combinations that make no sense whatever the data.
void check(const DataConfig& config);

/// Whether not all samples of the training part are learnt from.
bool has_subset(const DataConfig& config);

}  // namespace tandem
