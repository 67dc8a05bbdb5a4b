#!/usr/bin/env python3
"""Makes values/holm.json: paired differences, p values of their t tests, and these corrected by Holm.

Needs the standard library only. Student's distribution is the finite series of Abramowitz and Stegun
26.7.3 and 26.7.4, the correction is taken from its definition: the step-down procedure is run at each
level, and the corrected p of a test is the least level at which it is rejected.
    python3 tests/reference/make_holm_values.py
"""
import json
import math
import pathlib
import random
import statistics


def two_sided_p(t, freedom):
    theta = math.atan(abs(t) / math.sqrt(freedom))
    cosine, sine = math.cos(theta), math.sin(theta)
    if freedom % 2:
        return 1 - 2 / math.pi * (theta + sine * sum_odd(cosine, freedom))
    term = total = 1.0
    for k in range(1, freedom // 2):
        term *= (2 * k - 1) / (2 * k) * cosine**2
        total += term
    return 1 - sine * total


def sum_odd(cosine, freedom):
    if freedom == 1:
        return 0.0
    term = total = cosine
    for k in range(1, (freedom - 1) // 2):
        term *= 2 * k / (2 * k + 1) * cosine**2
        total += term
    return total


def paired_p(differences):
    error = statistics.stdev(differences) / math.sqrt(len(differences))
    return two_sided_p(statistics.fmean(differences) / error, len(differences) - 1)


def is_rejected(p, test, level):
    """Holm's procedure: the k-th smallest p against level / (tests - k), until one fails."""
    for rank, k in enumerate(sorted(range(len(p)), key=lambda k: p[k])):
        if p[k] > level / (len(p) - rank):
            return False
        if k == test:
            return True


def holm(p):
    levels = sorted({min(1.0, m * each) for each in p for m in range(1, len(p) + 1)} | {1.0})
    return [next((level for level in levels if is_rejected(p, k, level * (1 + 1e-12))), 1.0)
            for k in range(len(p))]


generator = random.Random(20260101)
samples = [[round(generator.gauss(mean, 1), 3) for _ in range(n)]
           for mean, n in ((0, 2), (3, 3), (0.5, 5), (2, 5), (1.2, 5), (-1.5, 8), (0.1, 12), (9, 4))]
p = [paired_p(sample) for sample in samples]
values = {"differences": samples, "p": p, "holm": holm(p)}
path = pathlib.Path(__file__).parent / "values" / "holm.json"
path.write_text(json.dumps(values, indent=1) + "\n")
