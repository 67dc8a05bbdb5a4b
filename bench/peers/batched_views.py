"""Views of a whole batch at once, as one would write them in PyTorch for speed (airbench's way: the
data set is in memory, padded and normalised beforehand). Of the ways tried, the fastest is here.
"""

from __future__ import annotations

import math

import torch

from torchvision_views import parse


def flips(count: int) -> torch.Tensor:
    return torch.randint(2, (count,))


class PadCropViews:
    """Pad, crop, flip. Every crop of every picture and its mirror image is one element of a strided
    view of the padded pictures, so that one indexing operation makes the batch. Faster than
    airbench's masks by shift (6 times), torch.take (2 times), and a copy a picture. The pictures
    are kept as fp32: with uint8 converted a batch at a time it is a fifth slower.
    """

    def __init__(self, task, padding: int) -> None:
        self.count, _, height, width = task.pictures.shape
        self.batch_size = task.batch
        self.padding = padding
        padded = torch.nn.functional.pad(task.pictures, [padding] * 4)
        both = torch.stack([padded, padded.flip(-1)], 1).float().div_(255)
        both.sub_(task.mean.view(3, 1, 1)).div_(task.stddev.view(3, 1, 1))
        shifts = 2 * padding + 1
        picture, mirror, plane, row, _ = both.stride()
        self.crops = both.as_strided(
            (self.count, 2, shifts, shifts, 3, height, width),
            (picture, mirror, row, 1, plane, row, 1),
        )

    def batch(self) -> torch.Tensor:
        n, shifts = self.batch_size, 2 * self.padding + 1
        rows = torch.randint(self.count, (n,))
        return self.crops[
            rows, flips(n), torch.randint(shifts, (n,)), torch.randint(shifts, (n,))
        ]

    def replay(self, views: list[dict]) -> torch.Tensor:
        boxes = torch.tensor([view["box"] for view in views])
        mirrored = torch.tensor([int(view["flip"]) for view in views])
        left, top = boxes[:, 0] + self.padding, boxes[:, 1] + self.padding
        # The mirror image holds the crop that is mirrored as its own mirror image.
        left = torch.where(mirrored == 1, 2 * self.padding - left, left)
        return self.crops[torch.tensor([view["index"] for view in views]), mirrored, top, left]


class ResizedCropViews:
    """Resized crop and flip. Bilinear scaling is linear in rows and in columns: two batched matrix
    products with the pictures, normalised beforehand. Faster than grid_sample by 4/10 and than
    interpolate a picture at a time by far.
    """

    TRIES = 10

    def __init__(self, task, scale: list[float]) -> None:
        self.batch_size = task.batch
        self.scale = scale
        images = task.pictures.float().div_(255)
        self.images = images.sub_(task.mean.view(3, 1, 1)).div_(task.stddev.view(3, 1, 1))
        self.size = images.shape[-1]
        self.centres = torch.arange(self.size) + 0.5
        self.places = torch.arange(float(self.size))

    def boxes(self, count: int) -> tuple[torch.Tensor, ...]:
        """As RandomResizedCrop draws them: left, top, width, height, all fp32."""
        size, (low, high) = self.size, self.scale
        area = size * size * torch.empty(self.TRIES, count).uniform_(low, high)
        log_aspect = torch.empty(self.TRIES, count).uniform_(math.log(3 / 4), math.log(4 / 3))
        aspect = log_aspect.exp_()
        widths = (area * aspect).sqrt_().round_()
        heights = (area / aspect).sqrt_().round_()
        fits = (widths <= size) & (heights <= size)
        first = fits.to(torch.uint8).argmax(0, keepdim=True)
        width, height = (
            torch.where(fits.any(0), sides.gather(0, first)[0], float(size))
            for sides in (widths, heights)
        )
        left = (torch.rand(count) * (size + 1 - width)).floor_()
        top = (torch.rand(count) * (size + 1 - height)).floor_()
        return left, top, width, height

    def weights(self, first, extent, mirrored=None) -> torch.Tensor:
        """[count, size, size]: how much of each source place goes to each output place."""
        centres = self.centres.expand(len(first), self.size)
        if mirrored is not None:
            centres = torch.where(mirrored[:, None], self.size - centres, centres)
        places = (centres * (extent / self.size)[:, None]).sub_(0.5).clamp_(min=0)
        places = places.minimum(extent[:, None] - 1).add_(first[:, None])
        return (places[:, :, None] - self.places).abs_().neg_().add_(1).clamp_(min=0)

    def scaled(self, rows, left, top, width, height, mirrored) -> torch.Tensor:
        n, size = len(rows), self.size
        columns = self.weights(left, width, mirrored).transpose(1, 2)
        images = torch.matmul(self.weights(top, height)[:, None], self.images[rows])
        return torch.bmm(images.view(n, 3 * size, size), columns).view(n, 3, size, size)

    def batch(self) -> torch.Tensor:
        n = self.batch_size
        rows = torch.randint(len(self.images), (n,))
        return self.scaled(rows, *self.boxes(n), flips(n).bool())

    def replay(self, views: list[dict]) -> torch.Tensor:
        boxes = torch.tensor([view["box"] for view in views], dtype=torch.float32)
        rows = torch.tensor([view["index"] for view in views])
        mirrored = torch.tensor([view["flip"] for view in views])
        return self.scaled(rows, *boxes.unbind(1), mirrored)


def maker(task):
    parts = parse(task.policy)
    if "resized-crop" in parts:
        return ResizedCropViews(task, parts["resized-crop"])
    return PadCropViews(task, int(parts["pad-crop"][0]))
