#!/usr/bin/env python3
"""What "randaugment", "trivialaugment" and "autoaugment" draw against torchvision's own tables:
which operations with which parameters, and how often each."""

import collections
import math
import unittest

import numpy as np
from torchvision.transforms import autoaugment
from torchvision.transforms.functional import _get_inverse_affine_matrix

from tandem_targets.operations import NO_OPERATION, OperationKind
from tandem_targets.views import ViewPolicy

SHAPE = (3, 32, 32)
KEYS = 40_000
FACTORS = {
    "Brightness": OperationKind.BRIGHTNESS,
    "Color": OperationKind.SATURATION,
    "Contrast": OperationKind.CONTRAST,
    "Sharpness": OperationKind.SHARPNESS,
}
PLAIN = {
    "AutoContrast": OperationKind.AUTO_CONTRAST,
    "Equalize": OperationKind.EQUALIZE,
    "Invert": OperationKind.INVERT,
}


def affine_row(centre, angle=0.0, translate=(0, 0), shear=(0.0, 0.0)):
    """What torchvision hands to PIL, in 1/65536, from the first pixel's centre on."""
    a, b, c, d, e, f = _get_inverse_affine_matrix(centre, angle, translate, 1.0, shear)
    numbers = (a, b, c + 0.5 * a + 0.5 * b, d, e, f + 0.5 * d + 0.5 * e)
    return (OperationKind.AFFINE, *(math.floor(65536 * number + 0.5) for number in numbers))


def row_of(name, magnitude):
    """Our integers for what torchvision's _apply_op does; None for nothing."""
    centre = [SHAPE[2] / 2, SHAPE[1] / 2]
    parameters = ()
    if name == "Identity":
        return None
    if name.startswith("Shear"):
        degrees = math.degrees(math.atan(magnitude))
        return affine_row([0, 0], shear=(degrees, 0.0) if name == "ShearX" else (0.0, degrees))
    if name.startswith("Translate"):
        # torch.linspace(0, 32, 31)[15] is 16, or 15.999999 by LibTorch's version and the processor.
        pixels = int(round(magnitude, 4))
        return affine_row(centre, translate=(pixels, 0) if name == "TranslateX" else (0, pixels))
    if name == "Rotate":
        return affine_row(centre, angle=-magnitude)
    if name in FACTORS:
        kind, parameters = FACTORS[name], (math.floor(65536 * (1 + magnitude) + 0.5),)
    elif name == "Posterize":
        kind, parameters = OperationKind.POSTERIZE, (int(magnitude),)
    elif name == "Solarize":  # a pixel is inverted if it is not below the magnitude
        kind, parameters = OperationKind.SOLARIZE, (math.ceil(magnitude),)
    else:
        kind = PLAIN[name]
    return (kind, *parameters, *[0] * (6 - len(parameters)))


def same(one, other):
    """Equal rows; parameters in 1/65536 up to one unit, as torchvision's magnitudes are of fp32."""
    exact = one[0] in (OperationKind.POSTERIZE, OperationKind.SOLARIZE)
    return one[0] == other[0] and all(abs(a - b) <= (not exact) for a, b in zip(one, other))


def with_signs(name, magnitude, signed):
    """Rows of an operation, each with its probability."""
    if not signed:
        return [(row_of(name, magnitude), 1.0)]
    return [(row_of(name, magnitude), 0.5), (row_of(name, -magnitude), 0.5)]


def of_any(space, magnitudes_of):
    """Sequences with their probabilities where every operation of `space` is drawn as often."""
    expected = []
    for name, (magnitudes, signed) in space.items():
        chosen = magnitudes_of(magnitudes) if magnitudes.ndim else [0.0]
        for magnitude in chosen:
            for row, share in with_signs(name, magnitude, signed):
                sequence = (row,) if row is not None else ()
                expected.append((sequence, share / len(chosen) / len(space)))
    return expected


class AgainstTorchvision(unittest.TestCase):
    def check(self, policy, expected):
        """`expected` is sequences of rows with their probabilities."""
        views = ViewPolicy.parse(policy).draw(5, 0, np.arange(KEYS), SHAPE)
        found = collections.Counter(
            tuple(tuple(row) for row in rows if row[0] != NO_OPERATION)
            for rows in views.operations.tolist()
        )
        names = {sequence: self.nearest_of(sequence, expected) for sequence in found}
        probabilities = collections.Counter()
        for sequence, probability in expected:
            probabilities[self.nearest_of(sequence, expected)] += probability
        self.assertAlmostEqual(sum(probabilities.values()), 1)
        counts = collections.Counter()
        for sequence, count in found.items():
            counts[names[sequence]] += count
        for sequence, probability in probabilities.items():
            deviation = math.sqrt(KEYS * probability * (1 - probability))
            with self.subTest(policy=policy, operations=sequence):
                self.assertLess(abs(counts[sequence] - KEYS * probability), 5 * deviation + 1e-9)
                if KEYS * probability > 30:
                    self.assertIn(sequence, counts)

    def nearest_of(self, sequence, expected):
        """The first of the expected sequences that is this one."""
        for candidate, _ in expected:
            if len(candidate) == len(sequence) and all(map(same, candidate, sequence)):
                return candidate
        self.fail(f"not in torchvision's table: {sequence}")

    def test_randaugment_draws_from_the_same_table(self):
        space = autoaugment.RandAugment()._augmentation_space(31, SHAPE[1:])
        for level in (14, 30):
            self.check(
                f"randaugment:1-{level}", of_any(space, lambda values: [values[level].item()])
            )

    def test_trivialaugment_draws_from_the_same_table(self):
        space = autoaugment.TrivialAugmentWide()._augmentation_space(31)
        self.check("trivialaugment", of_any(space, lambda values: values.tolist()))

    def test_autoaugment_draws_the_same_pairs_as_often(self):
        policy = autoaugment.AutoAugment(autoaugment.AutoAugmentPolicy.CIFAR10)
        space = policy._augmentation_space(10, SHAPE[1:])
        expected = []
        for pair in policy.policies:
            sequences = [((), 1 / len(policy.policies))]
            for name, probability, bin_ in pair:
                magnitudes, signed = space[name]
                rows = with_signs(name, 0.0 if bin_ is None else magnitudes[bin_].item(), signed)
                sequences = [
                    *((done, share * (1 - probability)) for done, share in sequences),
                    *(
                        ((*done, row), share * probability * part)
                        for done, share in sequences
                        for row, part in rows
                    ),
                ]
            expected += [(sequence, share) for sequence, share in sequences if share > 0]
        self.check("autoaugment", expected)


if __name__ == "__main__":
    unittest.main()
