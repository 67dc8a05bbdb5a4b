#!/usr/bin/env python3
"""Makes 224 x 224 views of JPEG files by torchvision, in one thread, to normalised fp32.

make_jpeg_views.py FOLDER, where FOLDER holds task.json, the JPEGs that it names and images.f32.
Requests and answers are those of make_views.py, with a count of files in place of batches. PEER is
pil (Image.open and so on) or tensor (torchvision.io.read_image; where torchvision has it).
"""

from __future__ import annotations

import json
import pathlib
import sys
import time

import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision import transforms as T

from make_views import answer_requests, difference


class JpegTask:
    def __init__(self, folder: pathlib.Path) -> None:
        task = json.loads((folder / "task.json").read_text())
        self.files = [str(folder / name) for name in task["files"]]
        self.views: list[dict] = task["views"]
        self.size: int = task["size"]
        self.scale: list[float] = task["scale"]
        self.mean = torch.tensor(task["mean"])
        self.stddev = torch.tensor(task["stddev"])
        images = np.fromfile(folder / "images.f32", "<f4").reshape(-1, 3, self.size, self.size)
        self.images = torch.from_numpy(images)


class JpegViews:
    def __init__(self, task: JpegTask, read, to_float) -> None:
        self.task, self.read = task, read
        self.crop = T.RandomResizedCrop(task.size, task.scale, antialias=True)
        self.flip = T.RandomHorizontalFlip()
        normalise = T.Normalize(task.mean, task.stddev)
        self.compose = T.Compose([self.crop, self.flip, to_float, normalise])

    def run(self, count: int) -> None:
        files = self.task.files
        torch.stack([self.compose(self.read(files[k % len(files)])) for k in range(count)])

    def replay(self) -> torch.Tensor:
        """The same Compose, its draws replaced by those of the task's views."""
        made = []
        for file, view in zip(self.task.files, self.task.views):
            left, top, width, height = view["box"]
            self.crop.get_params = lambda *_: (top, left, height, width)
            self.flip.p = float(view["flip"])
            made.append(self.compose(self.read(file)))
        del self.crop.get_params
        self.flip.p = 0.5
        return torch.stack(made)


def pil(task: JpegTask) -> JpegViews:
    return JpegViews(task, lambda path: Image.open(path).convert("RGB"), T.ToTensor())


def tensor(task: JpegTask) -> JpegViews:
    def read(path: str) -> torch.Tensor:
        return torchvision.io.read_image(path, torchvision.io.ImageReadMode.RGB)

    return JpegViews(task, read, T.ConvertImageDtype(torch.float32))


if __name__ == "__main__":
    answer_requests(JpegTask(pathlib.Path(sys.argv[1])), {"pil": pil, "tensor": tensor})
