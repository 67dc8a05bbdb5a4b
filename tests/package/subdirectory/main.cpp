#include <tandem/core/key.h>

int main() {
  return static_cast<int>(tandem::permutation(10, {1}).size()) - 10;
}
