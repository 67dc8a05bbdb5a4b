// Operations on pixels as this program does them, for other libraries to compare with:
//
//   dump_operations IMAGES OUTPUT SPEC...
//
// IMAGES is a safetensors file with a tensor "images", uint8 [n, channels, height, width]; OUTPUT
// gets for each SPEC, "name:NUMBER:NUMBER...", what the operation makes of them.
#include <torch/types.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tandem/core/safetensors.h"
#include "tandem/dataset/dataset.h"
#include "tandem/view/apply.h"
#include "tandem/view/operations.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

using Numbers = std::vector<double>;
using Maker = std::function<Operation(const Numbers& n, const ImageShape& shape)>;

std::int32_t whole(double number) {
  return static_cast<std::int32_t>(number);
}

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> known = {
      {"affine",  // degrees, dx, dy, scale, shear along x, along y
       [](const Numbers& n, const ImageShape& shape) {
         return affine({n.at(0), n.at(1), n.at(2), n.at(3), n.at(4), n.at(5)}, shape);
       }},
      {"shear",  // about the corner
       [](const Numbers& n, const ImageShape&) {
         return affine({.shear_x_degrees = n.at(0), .shear_y_degrees = n.at(1)}, Point{});
       }},
      {"rotate",  // counterclockwise
       [](const Numbers& n, const ImageShape& shape) {
         return affine({.degrees = -n.at(0)}, shape);
       }},
      {"brightness", [](const Numbers& n, const ImageShape&) { return brightness(n.at(0)); }},
      {"contrast", [](const Numbers& n, const ImageShape&) { return contrast(n.at(0)); }},
      {"saturation", [](const Numbers& n, const ImageShape&) { return saturation(n.at(0)); }},
      {"sharpness", [](const Numbers& n, const ImageShape&) { return sharpness(n.at(0)); }},
      {"hue", [](const Numbers& n, const ImageShape&) { return hue(n.at(0)); }},
      {"grayscale", [](const Numbers&, const ImageShape&) { return grayscale(); }},
      {"blur",
       [](const Numbers& n, const ImageShape&) { return gaussian_blur(whole(n.at(0)), n.at(1)); }},
      {"posterize", [](const Numbers& n, const ImageShape&) { return posterize(whole(n.at(0))); }},
      {"solarize", [](const Numbers& n, const ImageShape&) { return solarize(whole(n.at(0))); }},
      {"autocontrast", [](const Numbers&, const ImageShape&) { return auto_contrast(); }},
      {"equalize", [](const Numbers&, const ImageShape&) { return equalize(); }},
      {"invert", [](const Numbers&, const ImageShape&) { return invert(); }},
      {"erase",
       [](const Numbers& n, const ImageShape&) {
         return erase({whole(n.at(0)), whole(n.at(1)), whole(n.at(2)), whole(n.at(3))});
       }},
  };
  return known;
}

Operation operation_of(const std::string& spec, const ImageShape& shape) {
  std::istringstream words(spec);
  std::string name, word;
  std::getline(words, name, ':');
  Numbers numbers;
  while (std::getline(words, word, ':')) {
    numbers.push_back(std::stod(word));
  }
  return makers().at(name)(numbers, shape);
}

void dump(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) {
    throw std::invalid_argument("usage: dump_operations IMAGES OUTPUT SPEC...");
  }
  const torch::Tensor images = read_safetensors(arguments[1]).tensors.at("images");
  const std::int64_t count = images.size(0);
  const Dataset dataset("images", images, torch::zeros({count}, torch::kInt64), {"image"});
  std::vector<std::int64_t> indices;
  for (std::int64_t index = 0; index < count; ++index) {
    indices.push_back(index);
  }
  TensorFile output;
  for (std::size_t k = 3; k < arguments.size(); ++k) {
    View view = canonical_view(dataset.image_shape());
    view.operations = {operation_of(arguments[k], dataset.image_shape())};
    output.tensors[arguments[k]] =
        apply_views(dataset, indices, std::vector<View>(indices.size(), view));
  }
  write_safetensors(arguments[2], output);
}

}  // namespace
}  // namespace tandem

int main(int count, char** arguments) {
  try {
    tandem::dump({arguments, arguments + count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dump_operations: %s\n", error.what());
    return 1;
  }
}
