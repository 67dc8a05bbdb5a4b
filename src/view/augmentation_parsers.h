#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "tandem/view/augmentation.h"

namespace tandem {

/// Numbers joined by '-' in the parameter of the augmentation `syntax`, "name:A-B": between `least`
/// and `most` of them. Throws std::invalid_argument that shows the syntax.
std::vector<double> numbers_of(std::string_view syntax, std::string_view parameter,
                               std::size_t least, std::size_t most);

/// Throws std::invalid_argument that says what was expected after `syntax`'s name.
[[noreturn]] void refuse(std::string_view syntax, std::string_view expected,
                         std::string_view parameter);

// Each reads the parameter of one augmentation (empty where there is none), and throws
// std::invalid_argument where it is bad.
std::unique_ptr<Augmentation> parse_rotate(std::string_view parameter);
std::unique_ptr<Augmentation> parse_affine(std::string_view parameter);
std::unique_ptr<Augmentation> parse_color_jitter(std::string_view parameter);
std::unique_ptr<Augmentation> parse_grayscale(std::string_view parameter);
std::unique_ptr<Augmentation> parse_blur(std::string_view parameter);
std::unique_ptr<Augmentation> parse_cutout(std::string_view parameter);
std::unique_ptr<Augmentation> parse_erasing(std::string_view parameter);
std::unique_ptr<Augmentation> parse_randaugment(std::string_view parameter);
std::unique_ptr<Augmentation> parse_autoaugment(std::string_view parameter);
std::unique_ptr<Augmentation> parse_trivialaugment(std::string_view parameter);

}  // namespace tandem
