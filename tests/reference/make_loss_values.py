#!/usr/bin/env python3
"""Makes values/losses.json: inputs and expected values of each loss, in fp64.

Run it with Debian's python3-torch; the result is committed, so that the C++ tests need no Python.
    python3 tests/reference/make_loss_values.py
"""
import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(20260101)
prediction = torch.randn(5, 4, generator=generator) * 2
teacher = torch.randn(5, 4, generator=generator) * 3
labels = torch.tensor([0, 3, 1, 1, 2])
one_hot = F.one_hot(labels, 4).double()


def kl(temperature):
    return temperature**2 * F.kl_div(
        F.log_softmax(prediction / temperature, 1),
        F.softmax(teacher / temperature, 1),
        reduction="batchmean",
    )


values = {
    "prediction": prediction.tolist(),
    "teacher_logits": teacher.tolist(),
    "labels": labels.tolist(),
    "torch": torch.__version__,
    "expected": {
        "hard cross-entropy": F.cross_entropy(prediction, labels).item(),
        "soft cross-entropy": F.cross_entropy(prediction, F.softmax(teacher, 1)).item(),
        "smoothed cross-entropy 0.1": F.cross_entropy(
            prediction, labels, label_smoothing=0.1
        ).item(),
        "kl T=1": kl(1.0).item(),
        "kl T=4": kl(4.0).item(),
        "kl one-hot": F.kl_div(F.log_softmax(prediction, 1), one_hot, reduction="batchmean").item(),
        "mse": F.mse_loss(prediction, teacher).item(),
        "cosine": (1 - F.cosine_similarity(prediction, teacher, dim=1)).mean().item(),
        "mix 0.7 kl T=4": (0.7 * kl(4.0) + 0.3 * F.cross_entropy(prediction, labels)).item(),
    },
}

path = pathlib.Path(__file__).parent / "values" / "losses.json"
path.write_text(json.dumps(values, indent=2) + "\n")
print(f"wrote {path}")
