"""Views by torchvision's transforms, a picture at a time: of PIL images, and of uint8 tensors."""

from __future__ import annotations

import torch
from PIL import Image
from torchvision import transforms as T


def parse(policy: str) -> tuple[dict[str, list[float]], list[str]]:
    """Names and numbers: "pad-crop:4,flip" is {"pad-crop": [4], "flip": []}."""
    parts = {}
    for part in policy.split(","):
        name, _, numbers = part.partition(":")
        parts[name] = [float(number) for number in numbers.split("-") if number]
    return parts


class TorchvisionViews:
    """A batch of views from a Compose. `to_float` ends it."""

    def __init__(self, task, pictures: list, to_float: list) -> None:
        self.pictures = pictures
        self.batch_size = task.batch
        self.size = task.pictures.shape[-1]
        self.crop = self.flip = None
        self.changes = []
        for name, numbers in parse(task.policy).items():
            if name == "pad-crop":
                self.crop = T.RandomCrop(self.size, padding=int(numbers[0]))
                self.padding = int(numbers[0])
            elif name == "resized-crop":
                self.crop = T.RandomResizedCrop(self.size, scale=numbers)
            elif name == "flip":
                self.flip = T.RandomHorizontalFlip()
            else:
                raise ValueError(f"no peer for {name}")
        normalise = T.Normalize(task.mean, task.stddev)
        self.compose = T.Compose([self.crop, self.flip, *self.changes, *to_float, normalise])

    def batch(self) -> torch.Tensor:
        rows = torch.randint(len(self.pictures), (self.batch_size,)).tolist()
        return torch.stack([self.compose(self.pictures[row]) for row in rows])

    def replay(self, views: list[dict]) -> torch.Tensor:
        """The same Compose, its draws replaced by those of `views`."""
        return torch.stack([self.replay_one(view) for view in views])

    def replay_one(self, view: dict) -> torch.Tensor:
        left, top, width, height = view["box"]
        if isinstance(self.crop, T.RandomCrop):
            left, top = left + self.padding, top + self.padding
        self.crop.get_params = lambda *_: (top, left, height, width)
        self.flip.p = float(view["flip"])
        try:
            return self.compose(self.pictures[view["index"]])
        finally:
            del self.crop.get_params
            self.flip.p = 0.5


class PilViews(TorchvisionViews):
    """The pictures are PIL images to begin with."""

    def __init__(self, task) -> None:
        pictures = [Image.fromarray(p.numpy()) for p in task.pictures.permute(0, 2, 3, 1)]
        super().__init__(task, pictures, [T.ToTensor()])


class TensorViews(TorchvisionViews):
    """The pictures are uint8 tensors to begin with."""

    def __init__(self, task) -> None:
        super().__init__(task, list(task.pictures), [T.ConvertImageDtype(torch.float32)])
