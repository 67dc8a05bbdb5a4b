#include "tandem/picture/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "cmyk_jpeg.h"
#include "picture_bytes.h"
#include "tandem/picture/fit_square.h"

namespace tandem {
namespace {

Picture decoded(const Bytes& bytes, std::int64_t least_side = 0) {
  return decode_picture(std::as_bytes(std::span(bytes)), least_side);
}

Bytes pixel(const Picture& picture, std::int64_t x, std::int64_t y) {
  const auto* begin = picture.rgb.data() + 3 * (y * picture.width + x);
  return Bytes(begin, begin + 3);
}

void expect_near(const Bytes& found, const Bytes& expected, int tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_NEAR(found[k], expected[k], tolerance) << "at byte " << k;
  }
}

void expect_bad(const Bytes& bytes, const std::string& part) {
  try {
    decoded(bytes);
    ADD_FAILURE() << "expected a PictureError with '" << part << "'";
  } catch (const PictureError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

TEST(DecodePicture, GivesBackThePixelsOfAPng) {
  const RawPicture raw = ramp_picture(23, 17);
  for (const bool interlaced : {false, true}) {
    const Picture picture = decoded(png_bytes(raw, {.interlaced = interlaced}));
    EXPECT_EQ(picture.width, 23);
    EXPECT_EQ(picture.height, 17);
    EXPECT_EQ(picture.rgb, raw.values);
  }
}

TEST(DecodePicture, IsNearThePixelsOfAJpeg) {
  const RawPicture raw = ramp_picture(40, 24);
  expect_near(decoded(jpeg_bytes(raw)).rgb, raw.values, 4);
}

TEST(DecodePicture, RepeatsGrey) {
  const RawPicture raw = plain_picture(9, 8, {77});
  const Bytes grey = {77, 77, 77};
  EXPECT_EQ(pixel(decoded(png_bytes(raw, {.colour = PNG_COLOR_TYPE_GRAY})), 3, 3), grey);
  EXPECT_EQ(pixel(decoded(jpeg_bytes(raw)), 3, 3), grey);
}

TEST(DecodePicture, RoundsSixteenBitsToEight) {
  // 0x01ff of 65535 is 1.99 of 255; cutting the low byte off would give 1.
  const RawPicture raw = plain_picture(3, 2, {0x01, 0xff, 0x00, 0x10, 0xff, 0xff});
  EXPECT_EQ(pixel(decoded(png_bytes(raw, {.bits = 16})), 1, 1), (Bytes{2, 0, 255}));
  const RawPicture grey = plain_picture(3, 2, {0x12, 0x34});
  EXPECT_EQ(pixel(decoded(png_bytes(grey, {.bits = 16, .colour = PNG_COLOR_TYPE_GRAY})), 1, 1),
            (Bytes{18, 18, 18}));
}

TEST(DecodePicture, LooksUpPalettesAndSpreadsFewBits) {
  // Two pixels of four bits in each byte.
  const RawPicture packed{4, 2, 1, {0x01, 0x21, 0x01, 0x21}};
  const PngKind palette{.bits = 4,
                        .colour = PNG_COLOR_TYPE_PALETTE,
                        .palette = {{1, 2, 3}, {40, 50, 60}, {200, 100, 0}}};
  const Picture looked_up = decoded(png_bytes(packed, palette));
  EXPECT_EQ(pixel(looked_up, 1, 0), (Bytes{40, 50, 60}));
  EXPECT_EQ(pixel(looked_up, 2, 1), (Bytes{200, 100, 0}));
  const Picture grey = decoded(png_bytes(packed, {.bits = 4, .colour = PNG_COLOR_TYPE_GRAY}));
  EXPECT_EQ(pixel(grey, 2, 0), (Bytes{34, 34, 34}));
}

TEST(DecodePicture, DropsAlpha) {
  const RawPicture raw = plain_picture(3, 3, {10, 20, 30, 0});
  EXPECT_EQ(pixel(decoded(png_bytes(raw, {.colour = PNG_COLOR_TYPE_RGB_ALPHA})), 1, 1),
            (Bytes{10, 20, 30}));
}

TEST(DecodePicture, TurnsInksIntoLight) {
  // Cyan 200, magenta 100, yellow 0, black 55 of 255: light is what each ink and black let through.
  const Bytes light = {43, 122, 200};
  const Bytes plain = plain_picture(16, 16, {200, 100, 0, 55}).values;
  const Bytes inverted = plain_picture(16, 16, {55, 155, 255, 200}).values;
  expect_near(pixel(decoded(cmyk_jpeg_bytes(16, 16, plain)), 8, 8), light, 2);
  for (const J_COLOR_SPACE stored : {JCS_CMYK, JCS_YCCK}) {
    const CmykKind adobe{.stored = stored, .adobe_marker = true};
    expect_near(pixel(decoded(cmyk_jpeg_bytes(16, 16, inverted, adobe)), 8, 8), light, 2);
  }
}

TEST(DecodePicture, TurnsThePictureAsExifSays) {
  // A red corner at the top left of what is stored, where a viewer shows it for each orientation.
  RawPicture raw = plain_picture(24, 16, {0, 0, 255});
  for (unsigned y = 0; y < 8; ++y) {
    for (unsigned x = 0; x < 8; ++x) {
      raw.values[3 * (y * 24 + x)] = 255;
      raw.values[3 * (y * 24 + x) + 2] = 0;
    }
  }
  struct Case {
    std::uint8_t orientation;
    bool on_its_side, right, below;
  };
  for (const auto [orientation, on_its_side, right, below] :
       {Case{1, false, false, false}, Case{2, false, true, false}, Case{3, false, true, true},
        Case{4, false, false, true}, Case{5, true, false, false}, Case{6, true, true, false},
        Case{7, true, true, true}, Case{8, true, false, true}}) {
    const Bytes exif = exif_bytes(orientation, orientation % 2 == 0);
    const Bytes tiff(exif.begin() + 6, exif.end());
    for (const Bytes& file : {jpeg_bytes(raw, exif), png_bytes(raw, {.exif = tiff})}) {
      const Picture picture = decoded(file);
      EXPECT_EQ(picture.width, on_its_side ? 16 : 24);
      EXPECT_EQ(picture.height, on_its_side ? 24 : 16);
      const std::int64_t x = right ? picture.width - 2 : 1, y = below ? picture.height - 2 : 1;
      EXPECT_GT(pixel(picture, x, y)[0], 240) << "orientation " << int{orientation};
    }
  }
}

TEST(DecodePicture, MixesUpNoRowsAndColumnsOfTurnedPictures) {
  const RawPicture raw = ramp_picture(5, 3);
  const Bytes exif = exif_bytes(6);
  const Picture turned = decoded(png_bytes(raw, {.exif = Bytes(exif.begin() + 6, exif.end())}));
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 3; ++x) {
      const auto* stored = raw.values.data() + 3 * ((2 - x) * 5 + y);
      EXPECT_EQ(pixel(turned, x, y), Bytes(stored, stored + 3));
    }
  }
}

TEST(DecodePicture, TakesBrokenExifForNone) {
  Bytes exif = exif_bytes(6);
  for (std::size_t size = 0; size < exif.size() - 4; ++size) {
    const Bytes cut(exif.begin(), exif.begin() + static_cast<std::ptrdiff_t>(size));
    const Picture picture = decoded(jpeg_bytes(ramp_picture(24, 16), cut));
    EXPECT_TRUE(picture.width == 24 || size >= 6 + 8 + 2 + 12 + 10) << size;
  }
  exif[6 + 8 + 2 + 12 + 8] = 9;  // no orientation of that number
  EXPECT_EQ(decoded(jpeg_bytes(ramp_picture(24, 16), exif)).width, 24);
}

TEST(DecodePicture, ReducesAJpegOnlyWhereEnoughPixelsAreLeft) {
  const Bytes bytes = jpeg_bytes(ramp_picture(160, 120));
  EXPECT_EQ(decoded(bytes).width, 160);
  EXPECT_EQ(decoded(bytes, 61).width, 160);
  EXPECT_EQ(decoded(bytes, 60).width, 80);
  EXPECT_EQ(decoded(bytes, 30).width, 40);
  EXPECT_EQ(decoded(bytes, 1).width, 20);
}

TEST(DecodePicture, RefusesEveryPieceOfAPicture) {
  const RawPicture raw = ramp_picture(32, 32);
  for (const Bytes& whole : {jpeg_bytes(raw), png_bytes(raw)}) {
    for (std::size_t size = 1; size < whole.size(); size += size < 40 ? 1 : 37) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_THROW(decoded(cut), PictureError) << size << " of " << whole.size();
    }
  }
  Bytes half = jpeg_bytes(raw);
  half.resize(half.size() / 2);
  expect_bad(half, "a truncated JPEG");
  half = png_bytes(raw);
  half.resize(half.size() / 2);
  expect_bad(half, "a truncated PNG");
}

TEST(DecodePicture, SurvivesDamageAnywhere) {
  const RawPicture raw = ramp_picture(32, 32);
  for (const Bytes& whole : {jpeg_bytes(raw), png_bytes(raw)}) {
    for (std::size_t place = 0; place < whole.size(); place += 3) {
      Bytes damaged = whole;
      damaged[place] ^= 0xff;
      try {
        const Picture picture = decoded(damaged);
        EXPECT_EQ(std::ssize(picture.rgb), 3 * picture.width * picture.height);
      } catch (const PictureError&) {
      }
    }
  }
}

TEST(DecodePicture, NamesWhatIsNoPicture) {
  const auto text = [](const std::string& content) {
    return Bytes(content.begin(), content.end());
  };
  expect_bad({}, "an empty file");
  expect_bad(text("GIF89a...."), "a GIF picture; JPEG and PNG are read");
  expect_bad(text("RIFF....WEBPVP8 "), "a WebP picture");
  expect_bad(text("<html>404"), "a web page?");
  expect_bad(text("version https://git-lfs.github.com/spec/v1"), "Git LFS");
  expect_bad(text("hello"), "no picture at all");
}

TEST(DecodePicture, RefusesSidesOfZeroAndBombs) {
  Bytes jpeg = jpeg_bytes(plain_picture(8, 8, {1, 2, 3}));
  std::size_t sof = 0;
  while (!(jpeg[sof] == 0xff && jpeg[sof + 1] == 0xc0)) {
    ++sof;
  }
  Bytes flat = jpeg;
  flat[sof + 7] = flat[sof + 8] = 0;
  expect_bad(flat, "JPEG");
  Bytes bomb = jpeg;
  for (const std::size_t place : {5, 7}) {
    bomb[sof + place] = 0xfa;
  }
  expect_bad(bomb, "a picture of 64008 x 64008 pixels, where at most 100 million are read");
  for (const std::size_t place : {5, 7}) {
    bomb[sof + place] = 0x20;
  }
  expect_bad(bomb, "a picture of 8200 x 8200 pixels, by its header, in");
  Bytes png = png_bytes(plain_picture(8, 8, {1, 2, 3}));
  png[18] = png[22] = 0x20;  // of the width and height in IHDR, whose checksum follows
  const auto sum = crc32(0, png.data() + 12, 17);
  for (std::size_t k = 0; k < 4; ++k) {
    png[29 + k] = static_cast<std::uint8_t>(sum >> (24 - 8 * k));
  }
  expect_bad(png, "a picture of 8200 x 8200 pixels, by its header, in");
}

TEST(DecodePicture, TakesPicturesThatPackAsWellAsAnyCan) {
  for (const Bytes& bytes :
       {png_bytes(plain_picture(4000, 4000, {7}), {.colour = PNG_COLOR_TYPE_GRAY}),
        jpeg_bytes(plain_picture(4000, 4000, {7}))}) {
    EXPECT_EQ(decode_picture(std::as_bytes(std::span(bytes))).rgb.back(), 7);
  }
}

/// The planes of a square picture.
Bytes fitted(const Picture& picture, std::int64_t side) {
  Bytes planes(static_cast<std::size_t>(3 * side * side));
  fit_square(picture, side, planes.data());
  return planes;
}

TEST(FitSquare, CutsOutTheCentreOfAPictureWhoseShorterSideFits) {
  const RawPicture raw = ramp_picture(19, 8);
  const Bytes planes = fitted(decoded(png_bytes(raw)), 8);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (std::size_t y = 0; y < 8; ++y) {
      for (std::size_t x = 0; x < 8; ++x) {
        // (19 - 8) / 2 = 5.5 columns are cut off, which goes to the even number.
        EXPECT_EQ(planes[(channel * 8 + y) * 8 + x], raw.values[3 * (y * 19 + 6 + x) + channel]);
      }
    }
  }
}

TEST(FitSquare, AveragesOverAllPixelsThatOneReplaces) {
  // Stripes one pixel wide would vanish or remain if pixels were skipped.
  Picture stripes{.width = 64, .height = 64, .rgb = Bytes(64 * 64 * 3)};
  for (std::size_t k = 0; k < stripes.rgb.size(); ++k) {
    stripes.rgb[k] = k / 3 % 2 == 0 ? 0 : 200;
  }
  for (const std::uint8_t value : fitted(stripes, 8)) {
    EXPECT_NEAR(value, 100, 8);
  }
}

TEST(FitSquare, KeepsAPlainColourAtAnySize) {
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 100}, {333, 21}, {64, 64}}) {
    const RawPicture raw =
        plain_picture(static_cast<unsigned>(width), static_cast<unsigned>(height), {250, 3, 128});
    const Bytes planes = fitted(decoded(png_bytes(raw)), 16);
    for (std::size_t k = 0; k < planes.size(); ++k) {
      EXPECT_EQ(planes[k], (Bytes{250, 3, 128})[k / 256]);
    }
  }
}

}  // namespace
}  // namespace tandem
