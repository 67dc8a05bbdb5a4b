#pragma once

#include <string>

#include "tandem/target/teacher.h"
#include "tandem/view/apply.h"

namespace tandem {

/// What a network is called and how pixels become its input.
struct TeacherInput {
  std::string name;             ///< begins every error
  ImageShape shape;             ///< of the images it is asked about
  Normalisation normalisation;  ///< one value per channel
  std::int64_t image_size = 0;  ///< side to which images are resized, bilinearly and without
                                ///< antialiasing, before they go in; 0: they go in as they are
};

/// A teacher that is one network: cuts what it is asked about into chunks, feeds them, and picks
/// the content.
///
/// Chunks have one fixed size (the last is filled up with its last image), because matrix products
/// and convolutions round differently at another batch size. In some libraries they also round
/// differently by an image's place in the batch (OpenBLAS does, beyond its kernel's rows); so the
/// size is the largest up to 64 at which a test image gets the same bits at every place, found at
/// the first question and again when the number of threads has changed.
class NetworkTeacher : public Teacher {
 public:
  struct OutputWidths {
    std::int64_t classes = 0;
    std::int64_t features = 0;  ///< 0: the network shows none
  };

  torch::Tensor answer(const torch::Tensor& pixels, Content content, double temperature) override;
  std::int64_t width(Content content) const override;
  std::int64_t class_count() const override { return class_count_; }

  /// Images that are fed at once under the present number of threads.
  std::int64_t chunk_size();

 protected:
  struct Outputs {
    torch::Tensor logits;    ///< [n, classes]
    torch::Tensor features;  ///< [n, feature width], or undefined
  };

  /// Throws std::invalid_argument that starts with the name for a normalisation that does not fit
  /// the images.
  NetworkTeacher(TeacherInput input, torch::Device device, const OutputWidths& widths);

  const TeacherInput& input() const { return input_; }

 private:
  /// `images` fp32 [n, channels, height, width] on the device, normalised and resized.
  virtual Outputs forward(const torch::Tensor& images) = 0;

  void check(const torch::Tensor& pixels) const;
  Outputs ask(const torch::Tensor& pixels);
  bool answers_alike(std::int64_t chunk);

  TeacherInput input_;
  torch::Device device_;
  std::int64_t class_count_;
  std::int64_t feature_width_;
  std::int64_t chunk_ = 0;
  int chunk_threads_ = 0;  ///< the number of threads that chunk_ was found under
};

/// `pixels` as the network takes them: normalised, resized, on the CPU.
torch::Tensor network_images(const torch::Tensor& pixels, const TeacherInput& input);

}  // namespace tandem
