#!/usr/bin/env python3
"""Makes views of small pictures as one would in Python, in one thread, to normalised fp32 batches.

make_views.py FOLDER, where FOLDER holds task.json, pictures.u8 and images.f32. Standard input asks,
a line each:

    time PEER BATCHES    answered with seconds
    check PEER           makes the views of task.json and answers how far they are from images.f32,
                         in steps of 8 bits: mean, largest, per cent of the pixels that are equal

PEER is pil or tensor (torchvision_views.py), or batched (batched_views.py).
"""

from __future__ import annotations

import json
import pathlib
import sys
import time

import numpy as np
import torch


class Task:
    """What to make, as the benchmark wrote it."""

    def __init__(self, folder: pathlib.Path) -> None:
        task = json.loads((folder / "task.json").read_text())
        self.policy: str = task["policy"]
        self.batch: int = task["batch"]
        self.views: list[dict] = task["views"]
        self.mean = torch.tensor(task["mean"])
        self.stddev = torch.tensor(task["stddev"])
        shape = task["shape"]
        self.pictures = torch.from_numpy(np.fromfile(folder / "pictures.u8", "u1").reshape(shape))
        images = np.fromfile(folder / "images.f32", "<f4").reshape(-1, *shape[1:])
        self.images = torch.from_numpy(images)


def difference(task: Task, images: torch.Tensor) -> str:
    steps = ((images - task.images) * task.stddev.view(3, 1, 1) * 255).abs()
    equal_pct = 100 * (steps < 0.01).float().mean()
    return f"{steps.mean():.6f} {steps.max():.6f} {equal_pct:.6f}"


def answer_requests(task, makers: dict) -> None:
    """`makers` by peer: a peer has run(COUNT) and replay(), the images of the task's views."""
    torch.set_num_threads(1)
    peers = {}
    for line in sys.stdin:
        request, name, *numbers = line.split()
        if name not in peers:
            peers[name] = makers[name](task)
        if request == "check":
            print(difference(task, peers[name].replay()), flush=True)
        else:
            begin = time.perf_counter()
            peers[name].run(int(numbers[0]))
            print(time.perf_counter() - begin, flush=True)


class Batches:
    """A maker of views as a peer."""

    def __init__(self, task: Task, maker) -> None:
        self.task, self.maker = task, maker

    def run(self, count: int) -> None:
        for _ in range(count):
            self.maker.batch()

    def replay(self) -> torch.Tensor:
        return self.maker.replay(self.task.views)


def main() -> None:
    import batched_views
    import torchvision_views

    makers = {
        "pil": torchvision_views.PilViews,
        "tensor": torchvision_views.TensorViews,
        "batched": batched_views.maker,
    }
    peers = {name: lambda task, m=maker: Batches(task, m(task)) for name, maker in makers.items()}
    answer_requests(Task(pathlib.Path(sys.argv[1])), peers)


if __name__ == "__main__":
    main()
