"""Views by torchvision's transforms, a picture at a time: of PIL images, and of uint8 tensors."""

from __future__ import annotations

import torch
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import autoaugment

# As `OperationKind` of include/tandem/view/view.h numbers them.
KINDS = (
    "affine brightness contrast saturation hue grayscale blur sharpness posterize solarize "
    "autocontrast equalize invert erase"
).split()
ONE = 65536  # of a factor
TURN = 24576  # of a hue


UNSIGNED = ("Posterize", "Solarize", "AutoContrast", "Equalize")


def named(view: dict) -> list[tuple[str, list[int]]]:
    """The operations of a view."""
    return [(KINDS[o["kind"]], o["parameters"]) for o in view["operations"]]


def randaugment_step(kind: str, p: list[int]) -> tuple[str, float]:
    """torchvision's name of an operation that RandAugment drew, and the sign of its magnitude."""
    names = {"saturation": "Color", "autocontrast": "AutoContrast"}
    if kind != "affine":
        return names.get(kind, kind.title()), 1.0 if p[0] >= ONE else -1.0
    xx, xy, x, yx, yy, y = p
    if xy and yx:
        return "Rotate", -1.0 if xy > 0 else 1.0
    if xy:
        return "ShearX", 1.0 if xy > 0 else -1.0
    if yx:
        return "ShearY", 1.0 if yx > 0 else -1.0
    if x != xx // 2:
        return "TranslateX", -1.0 if x > xx // 2 else 1.0
    return "TranslateY", -1.0 if y > yy // 2 else 1.0


def magnitude_of(name: str, level: int, size: int) -> float:
    space = T.RandAugment()._augmentation_space(31, [size, size])
    magnitudes, _ = space[name]
    return float(magnitudes[level]) if magnitudes.ndim else 0.0


class ReplayedRandAugment(T.RandAugment):
    """RandAugment, but for where its steps come from while `steps` are set."""

    steps: list[tuple[str, float]] | None = None

    def forward(self, image):
        if self.steps is None:
            return super().forward(image)
        for name, magnitude in self.steps:
            image = autoaugment._apply_op(image, name, magnitude, self.interpolation, self.fill)
        return image


def parse(policy: str) -> tuple[dict[str, list[float]], list[str]]:
    """Names and numbers: "pad-crop:4,flip" is {"pad-crop": [4], "flip": []}."""
    parts = {}
    for part in policy.split(","):
        name, _, numbers = part.partition(":")
        parts[name] = [float(number) for number in numbers.split("-") if number]
    return parts


class TorchvisionViews:
    """A batch of views from a Compose. `to_float` ends it."""

    contiguous: list = []

    def __init__(self, task, pictures: list, to_float: list) -> None:
        self.pictures = pictures
        self.batch_size = task.batch
        self.size = task.pictures.shape[-1]
        self.crop = self.flip = self.jitter = self.randaugment = None
        changes = []
        for name, numbers in parse(task.policy).items():
            if name == "pad-crop":
                self.crop = T.RandomCrop(self.size, padding=int(numbers[0]))
                self.padding = int(numbers[0])
            elif name == "resized-crop":
                self.crop = T.RandomResizedCrop(self.size, scale=numbers)
            elif name == "flip":
                self.flip = T.RandomHorizontalFlip()
            elif name == "color-jitter":
                self.jitter = T.ColorJitter(*numbers)
                changes.append(self.jitter)
            elif name == "randaugment":
                self.steps, self.level = (int(number) for number in numbers)
                self.randaugment = ReplayedRandAugment(self.steps, self.level)
                # A crop of a tensor is a view of it, which torchvision's equalize cannot take.
                changes += [*self.contiguous, self.randaugment]
            else:
                raise ValueError(f"no peer for {name}")
        normalise = T.Normalize(task.mean, task.stddev)
        self.compose = T.Compose([self.crop, self.flip, *changes, *to_float, normalise])

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
        operations = named(view)
        if self.jitter is not None:
            order = torch.tensor([KINDS.index(kind) - 1 for kind, _ in operations])
            by_kind = {kind: parameters[0] for kind, parameters in operations}
            factors = [by_kind[kind] / ONE for kind in ("brightness", "contrast", "saturation")]
            hue = (by_kind["hue"] / TURN + 0.5) % 1 - 0.5
            self.jitter.get_params = lambda *_: (order, *factors, hue)
        if self.randaugment is not None:
            steps = [randaugment_step(kind, parameters) for kind, parameters in operations]
            self.randaugment.steps = [
                (name, sign * magnitude_of(name, self.level, self.size)) if name not in UNSIGNED
                else (name, magnitude_of(name, self.level, self.size))
                for name, sign in steps
            ]
        try:
            return self.compose(self.pictures[view["index"]])
        finally:
            del self.crop.get_params
            self.flip.p = 0.5
            if self.jitter is not None:
                del self.jitter.get_params
            if self.randaugment is not None:
                self.randaugment.steps = None


class PilViews(TorchvisionViews):
    """The pictures are PIL images to begin with."""

    def __init__(self, task) -> None:
        pictures = [Image.fromarray(p.numpy()) for p in task.pictures.permute(0, 2, 3, 1)]
        super().__init__(task, pictures, [T.ToTensor()])


class TensorViews(TorchvisionViews):
    """The pictures are uint8 tensors to begin with."""

    contiguous = [T.Lambda(torch.Tensor.contiguous)]

    def __init__(self, task) -> None:
        super().__init__(task, list(task.pictures), [T.ConvertImageDtype(torch.float32)])
