#pragma once

// Read first of all by Clang. LibTorch 1.13 has vectors of types that are incomplete where the
// vector is named. Clang looks into a vector's members there if they are constexpr, as C++20 makes
// them in libstdc++, and GCC does not until they are used. So <vector> is read as in C++17.

#include <memory>
#include <string>

#pragma push_macro("_GLIBCXX20_CONSTEXPR")
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR inline
#define __fill_a1 fill_bits  // of vector<bool>, declared constexpr before; nothing here fills one
#include <vector>
#undef __fill_a1
#pragma pop_macro("_GLIBCXX20_CONSTEXPR")
