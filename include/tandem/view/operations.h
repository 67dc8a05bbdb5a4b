#pragma once

#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Operations on the pixels of a view by the parameters that torchvision's functions of the same
/// names take, rounded to the integers of docs/views.md, "Operations". Factors are 0 or more; 1
/// leaves the image as it is. They do not check their arguments.

Operation brightness(double factor);
Operation contrast(double factor);
Operation saturation(double factor);
Operation sharpness(double factor);

/// `turns` of the colour wheel, -0.5..0.5.
Operation hue(double turns);

Operation grayscale();

/// Gaussian blur with 2 `radius` + 1 taps an axis.
Operation gaussian_blur(int radius, double sigma);

/// Keeps `bits` of the eight.
Operation posterize(int bits);

/// Inverts the pixels from `threshold` on.
Operation solarize(int threshold);

Operation auto_contrast();
Operation equalize();
Operation invert();

/// Blackens a box of the view.
Operation erase(const Box& box);

/// How an image is moved about a centre, both in pixels: torchvision's `affine`.
struct Affine {
  double degrees = 0;  ///< clockwise
  double dx = 0, dy = 0;
  double scale = 1;
  double shear_x_degrees = 0, shear_y_degrees = 0;
};

/// A place in an image, in pixels from its upper left corner.
struct Point {
  double x = 0, y = 0;
};

/// Moves the image; each pixel is that of the nearest place it comes from, or black.
Operation affine(const Affine& map, const Point& centre);

/// The same about the centre of an image of `shape`.
Operation affine(const Affine& map, const ImageShape& shape);

}  // namespace tandem
