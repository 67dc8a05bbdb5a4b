#!/usr/bin/env python3
"""Trains a small student on Fashion-MNIST from the targets in a store, and prints its accuracy.

Each step draws its views from their keys, makes their pixels and reads the targets that a teacher
gave to those very views. Needs NumPy, PyTorch and tandem_targets (pip install ./python).
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tandem_targets import (
    Stream,
    TargetStore,
    ViewPolicy,
    apply_views,
    channel_statistics,
    normalise,
    permutation,
)
from tandem_targets.idx import read_idx_split

EXAMPLES = """examples:
  train_from_store.py strong.safetensors
  train_from_store.py strong.safetensors --epochs 20 --rate 0.05 --width 32
  train_from_store.py canonical.safetensors --views pad-crop:2,flip,mixup:0.2
  train_from_store.py strong.safetensors --shuffle     # a canary: must end near chance
"""


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("store", help="target store of probs or logits (docs/target-store.md)")
    parser.add_argument(
        "--data",
        default="/usr/share/datasets/fashion-mnist",
        help="folder of the four idx files (%(default)s, of Debian's dataset-fashion-mnist)",
    )
    parser.add_argument("--epochs", type=int, default=5, help="visits of each sample (%(default)s)")
    parser.add_argument("--batch", type=int, default=128, help="samples a step (%(default)s)")
    parser.add_argument("--rate", type=float, default=0.1, help="peak learning rate (%(default)s)")
    parser.add_argument("--width", type=int, default=16, help="channels (%(default)s)")
    parser.add_argument(
        "--temperature",
        type=float,
        default=4.0,
        help="at which logits are softened (%(default)s); probs were softened at the store's",
    )
    parser.add_argument(
        "--views",
        metavar="POLICY",
        help="views of a store whose targets do not belong to single views (the store's policy)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of weights and order (%(default)s)")
    parser.add_argument(
        "--shuffle", action="store_true", help="give each sample another sample's target"
    )
    return parser.parse_args()


def make_student(channels: int, classes: int, width: int) -> nn.Module:
    """Three convolutions with a mean over what is left of the image."""

    def block(inputs: int, outputs: int) -> list[nn.Module]:
        convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]

    return nn.Sequential(
        *block(channels, width),
        nn.MaxPool2d(2),
        *block(width, 2 * width),
        nn.MaxPool2d(2),
        *block(2 * width, 4 * width),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4 * width, classes),
    )


def view_policy(store: TargetStore, wish: str | None) -> ViewPolicy:
    """The policy to train under, which may only be wished where a target serves many views."""
    if wish is None:
        return store.policy
    if store.granularity in ("pool", "view"):
        raise ValueError(
            f"--views: a store of granularity {store.granularity} fixes its views "
            f"({store.metadata.views}), got {wish}"
        )
    return ViewPolicy.parse(wish)


def partners(count: int, seed: int, shuffle: bool) -> np.ndarray:
    """The sample whose target each sample is given, int64 [count]: itself or, shuffled, another."""
    partner = np.arange(count)
    if shuffle:
        order = permutation(count, seed, Stream.SHUFFLE_TARGETS)
        partner[order] = np.roll(order, 1)  # the one before it in a random ring
    return partner


class DistillationLoss:
    """`T^2 KL(target || softmax(output / T))`, mean over the batch (Hinton et al., 2015)."""

    def __init__(self, content: str, temperature: float) -> None:
        if content not in ("probs", "logits"):
            raise ValueError(f"expected a store of probs or logits, got {content}")
        self._soften = content == "logits"
        self._temperature = temperature

    def __call__(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """`outputs` and `targets` are fp32 [b, classes]."""
        if self._soften:
            targets = F.softmax(targets / self._temperature, dim=1)
        log_probs = F.log_softmax(outputs / self._temperature, dim=1)
        return self._temperature**2 * F.kl_div(log_probs, targets, reduction="batchmean")


@torch.no_grad()
def top1_pct(student: nn.Module, inputs: torch.Tensor, labels: np.ndarray) -> float:
    student.eval()
    predictions = torch.cat([student(part).argmax(dim=1) for part in inputs.split(1000)])
    return 100 * float((predictions.numpy() == labels).mean())


def train(arguments: argparse.Namespace) -> None:
    store = TargetStore.open(arguments.store)
    if store.granularity == "view" and arguments.epochs > store.metadata.epochs:
        raise ValueError(
            f"--epochs: expected at most the {store.metadata.epochs} that the store holds, "
            f"got {arguments.epochs}"
        )
    policy = view_policy(store, arguments.views)
    temperature = store.temperature if store.content == "probs" else arguments.temperature
    loss_of = DistillationLoss(store.content, temperature)

    images, labels = read_idx_split(arguments.data, "train")
    if store.samples.max() >= len(images):
        raise ValueError(f"{arguments.store}: names samples that {arguments.data} does not have")
    images, labels = images[store.samples], labels[store.samples]
    store.check_dataset(images, labels)
    mean, stddev = channel_statistics(images)
    partner = partners(len(images), arguments.seed, arguments.shuffle)

    torch.manual_seed(arguments.seed)
    student = make_student(images.shape[1], store.metadata.classes, arguments.width)
    optimizer = torch.optim.SGD(
        student.parameters(), arguments.rate, momentum=0.9, nesterov=True, weight_decay=5e-4
    )
    batches = len(images) // arguments.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, arguments.rate, total_steps=arguments.epochs * batches
    )
    for epoch in range(arguments.epochs):
        begin, total_loss = time.perf_counter(), 0.0
        student.train()
        order = permutation(len(images), arguments.seed, Stream.ORDER, epoch)
        for batch in order[: batches * arguments.batch].reshape(batches, arguments.batch):
            views = policy.draw(
                store.view_seed, store.view_epochs(epoch), batch, images.shape[1:], len(images)
            )
            inputs = normalise(apply_views(images, batch, views), mean, stddev)
            given = partner[batch]
            targets = store.read(store.rows(given, epoch, labels[given]))
            if views.mixture is not None and not store.policy.mixing:  # no teacher saw the mixture
                mix = views.mixture.draw
                given, share = partner[mix.partners], mix.shares[:, None].astype(np.float32)
                others = store.read(store.rows(given, epoch, labels[given]))
                targets = share * targets + (1 - share) * others

            loss = loss_of(student(torch.from_numpy(inputs)), torch.from_numpy(targets))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total_loss += loss.item()
        wall_s = time.perf_counter() - begin
        print(f"epoch {epoch + 1}: loss {total_loss / batches:.4f}, {wall_s:.1f} s", flush=True)

    images, labels = read_idx_split(arguments.data, "t10k")
    inputs = torch.from_numpy(normalise(images, mean, stddev))
    print(f"test top-1 {top1_pct(student, inputs, labels):.2f} %")


def main() -> None:
    try:
        train(read_arguments())
    except (ValueError, OSError) as error:
        sys.exit(f"train_from_store.py: {error}")


if __name__ == "__main__":
    main()
