#!/usr/bin/env python3
"""Views against the worked example of docs/views.md and a pixel-by-pixel reading of that page."""

import pathlib
import re
import unittest

import numpy as np

from tandem_targets.pixels import apply_views, channel_statistics, normalise
from tandem_targets.views import ViewPolicy, Views

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "views.md"
SEED = 0x0123456789ABCDEF


def slow_pixels(sample, box, flip):
    """One view of one sample [channels, height, width], as the page words it."""
    channels, height, width = sample.shape
    left, top, box_width, box_height = box
    output = np.zeros_like(sample)

    def pixel(c, x, y):
        return int(sample[c, y, x]) if 0 <= x < width and 0 <= y < height else 0

    def taps(place, size, extent, origin):
        s = max((2 * place + 1) * extent - size, 0)
        weight = ((s % (2 * size)) * 2**11 + size) // (2 * size)
        low, high = origin + s // (2 * size), origin + min(s // (2 * size) + 1, extent - 1)
        return (low, 2**11 - weight), (high, weight)

    for c, y, x in np.ndindex(channels, height, width):
        if (box_width, box_height) == (width, height):
            value = pixel(c, left + x, top + y)
        else:
            value = 2**21
            for row, row_weight in taps(y, height, box_height, top):
                for column, column_weight in taps(x, width, box_width, left):
                    value += row_weight * column_weight * pixel(c, column, row)
            value //= 2**22
        output[c, y, width - 1 - x if flip else x] = value
    return output


class WorkedExample(unittest.TestCase):
    def test_draws_the_parameters_of_the_page(self):
        rows = re.findall(
            r"^\| (\d+), (\d+) \| \(([^)]*)\) \| (yes|no) \| \(([^)]*)\) \|$",
            PAGE.read_text(),
            re.MULTILINE,
        )
        self.assertEqual(len(rows), 2)
        for epoch, index, shifted, flip, resized in rows:
            key = (SEED, int(epoch), [int(index)], (3, 32, 32))
            views = ViewPolicy.parse("pad-crop:4,flip").draw(*key)
            self.assertEqual(views.boxes[0].tolist(), [int(x) for x in shifted.split(",")])
            self.assertEqual(views.flips[0], flip == "yes")
            views = ViewPolicy.parse("resized-crop:0.08-1").draw(*key)
            self.assertEqual(views.boxes[0].tolist(), [int(x) for x in resized.split(",")])

    def test_scales_to_the_pixels_of_the_page(self):
        block = PAGE.read_text().split("gives the pixels on the right:")[1].strip().split("\n\n")[0]
        table = np.array([line.split() for line in block.splitlines()], np.uint8)
        sample, expected = table[:, :4], table[:, 4:]
        views = Views(np.array([[1, -1, 3, 2]] * 2), np.array([False, True]))
        pixels = apply_views(sample[None, None], [0, 0], views)
        np.testing.assert_array_equal(pixels[0, 0], expected)
        np.testing.assert_array_equal(pixels[1, 0], expected[:, ::-1])

    def test_normalises_in_double_precision_rounded_once(self):
        pixels = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
        expected = [np.float32((pixel / 255.0 - 0.4914) / 0.247) for pixel in range(256)]
        self.assertEqual(normalise(pixels, [0.4914], [0.247]).ravel().tolist(), expected)


class Policy(unittest.TestCase):
    def test_reads_what_it_writes(self):
        for text, normal in (
            ("pad-crop:2,flip", "pad-crop:2,flip"),
            (" flip , resized-crop ", "flip,resized-crop:0.08-1"),
            ("resized-crop:0.250-.5", "resized-crop:0.25-0.5"),
            ("resized-crop:1e-3-1.0", "resized-crop:0.001-1"),
            ("none", "none"),
            ("", "none"),
        ):
            self.assertEqual(str(ViewPolicy.parse(text)), normal)

    def test_refuses_what_it_does_not_know(self):
        for text, message in (
            ("sharpen", "unknown augmentation 'sharpen'; known: affine, autoaugment, blur, "),
            ("pad-crop", "expected pad-crop:PIXELS[:reflect], found parameter ''"),
            ("pad-crop:", "expected a parameter after the colon"),
            ("pad-crop:2.5", "expected pad-crop:PIXELS[:reflect], found parameter '2.5'"),
            ("pad-crop:0", "expected a padding in 1..4096, found 0"),
            ("pad-crop:4097", "expected a padding in 1..4096, found 4097"),
            ("flip:1", "expected no parameter or 'alternate', found parameter '1'"),
            ("resized-crop:0.5", "expected resized-crop:MIN-MAX"),
            ("resized-crop:0.5-0.4", "expected 0 < MIN <= MAX <= 1, found 0.5-0.4"),
            ("resized-crop:0-1", "expected 0 < MIN <= MAX <= 1"),
            ("flip,flip", "expected one augmentation per part of a view, found flip and flip"),
            ("blur,blur:1-2", "one augmentation per part of a view, found blur:0.1-2 and blur:1-2"),
            ("blur,flip", "expected crop and flip before all else, found flip after blur:0.1-2"),
            ("pad-crop:1,resized-crop", "one augmentation per part"),
            ("flip,", "unknown augmentation ''"),
        ):
            with self.assertRaisesRegex(ValueError, re.escape(message)):
                ViewPolicy.parse(text)

    def test_draws_a_view_alone_as_in_a_batch(self):
        random = np.random.default_rng(3)
        epochs, indices = random.integers(0, 1 << 32, (2, 40))
        for text in ("pad-crop:3,flip", "resized-crop:0.2-0.9,flip", "randaugment:4-9,erasing"):
            policy = ViewPolicy.parse(text)
            together = policy.draw(SEED, epochs, indices, (1, 20, 30))
            for k in range(40):
                alone = policy.draw(SEED, int(epochs[k]), indices[k : k + 1], (1, 20, 30))
                self.assertEqual(alone.boxes[0].tolist(), together.boxes[k].tolist())
                self.assertEqual(alone.flips[0], together.flips[k])
                if together.operations is not None:
                    done = [row for row in together.operations[k].tolist() if row[0] >= 0]
                    self.assertEqual(alone.operations[0].tolist(), done)

    def test_flips_on_every_second_visit_if_it_alternates(self):
        indices, shape = np.arange(100), (1, 8, 8)
        random = ViewPolicy.parse("flip").draw(1, 0, indices, shape).flips
        policy = ViewPolicy.parse("flip:alternate")
        for epoch in (0, 1, 2, 2**31 + 1):
            flips = policy.draw(1, epoch, indices, shape).flips
            self.assertEqual(flips.tolist(), (random ^ bool(epoch % 2)).tolist())

    def test_flips_about_half_and_whatever_else_it_holds(self):
        alone = ViewPolicy.parse("flip").draw(1, 0, np.arange(10_000), (1, 8, 8))
        other = ViewPolicy.parse("pad-crop:2,flip").draw(1, 0, np.arange(10_000), (1, 8, 8))
        self.assertEqual(alone.flips.tolist(), other.flips.tolist())
        self.assertLess(abs(int(alone.flips.sum()) - 5000), 5 * 50)  # five standard deviations


class Pixels(unittest.TestCase):
    def test_are_those_of_the_page_for_boxes_of_every_kind(self):
        random = np.random.default_rng(4)
        for shape in ((1, 7, 7), (3, 5, 8), (2, 1, 6)):
            images = random.integers(0, 256, (5, *shape), dtype=np.uint8)
            _, height, width = shape
            boxes = np.stack(
                [
                    random.integers(-2 * width, 2 * width, 60),
                    random.integers(-2 * height, 2 * height, 60),
                    random.integers(1, 2 * width, 60),
                    random.integers(1, 2 * height, 60),
                ],
                axis=1,
            )
            boxes[:20, 2:] = (width, height)
            boxes[20:30] = (0, 0, width, height)
            views = Views(boxes, random.integers(0, 2, 60).astype(bool))
            indices = random.integers(0, 5, 60)
            pixels = apply_views(images, indices, views)
            self.assertEqual(pixels.dtype, np.uint8)
            for k in range(60):
                expected = slow_pixels(images[indices[k]], boxes[k].tolist(), views.flips[k])
                np.testing.assert_array_equal(pixels[k], expected, err_msg=str(boxes[k]))

    def test_are_none_for_an_empty_batch(self):
        images = np.zeros((2, 1, 4, 4), np.uint8)
        for policy in ("none", "pad-crop:1,flip", "resized-crop", "randaugment,erasing"):
            none = np.arange(0)
            views = ViewPolicy.parse(policy).draw(0, 0, none, (1, 4, 4))
            self.assertEqual(apply_views(images, none, views).shape, (0, 1, 4, 4))

    def test_refuse_what_does_not_fit_together(self):
        images = np.zeros((2, 1, 4, 4), np.uint8)
        views = ViewPolicy().draw(0, 0, np.arange(2), (1, 4, 4))
        empty = Views(np.array([[0, 0, 4, 4], [0, 0, 0, 4]]), np.zeros(2, bool))
        for arguments, message in (
            ((images.astype(np.float32), [0, 1], views), "expected uint8 images"),
            ((images[0], [0, 1], views), "expected uint8 images"),
            ((images, [0], views), "expected as many views as indices, got 2"),
            ((images, [0, 2], views), "expected indices in 0..1, got 0..2"),
            ((images, [-1, 0], views), "expected indices in 0..1, got -1..0"),
            ((images, [0, 1], empty), "at least one pixel, got .* at view 1"),
        ):
            with self.assertRaisesRegex(ValueError, message):
                apply_views(*arguments)


class Normalisation(unittest.TestCase):
    def test_makes_channels_of_mean_zero_and_deviation_one(self):
        images = np.random.default_rng(5).integers(0, 256, (50, 3, 6, 6), dtype=np.uint8)
        normalised = normalise(images, *channel_statistics(images)).astype(np.float64)
        np.testing.assert_allclose(normalised.mean(axis=(0, 2, 3)), 0, atol=1e-6)
        np.testing.assert_allclose(normalised.std(axis=(0, 2, 3)), 1, atol=1e-6)

    def test_refuses_other_channels_and_no_deviation(self):
        pixels = np.zeros((1, 3, 2, 2), np.uint8)
        with self.assertRaisesRegex(ValueError, r"expected mean and stddev of 3 channel"):
            normalise(pixels, [0.5], [0.5])
        with self.assertRaisesRegex(ValueError, "expected a positive stddev"):
            normalise(pixels, [0.5] * 3, [0.5, 0.0, 0.5])


if __name__ == "__main__":
    unittest.main()
