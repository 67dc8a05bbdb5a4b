#pragma once

#include <string>
#include <vector>

namespace tandem {

// Class names in the order of the class ids, as the authors list them.
std::vector<std::string> digit_names();
std::vector<std::string> fashion_mnist_names();
std::vector<std::string> cifar10_names();
std::vector<std::string> cifar100_names();

}  // namespace tandem
