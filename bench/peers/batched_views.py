"""Views of a whole batch at once, as one would write them in PyTorch for speed (airbench's way: the
data set is in memory, padded and normalised beforehand). Of the ways tried, the fastest is here.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import autoaugment

from torchvision_views import ONE, TURN, magnitude_of, named, parse, randaugment_step


def flips(count: int) -> torch.Tensor:
    return torch.randint(2, (count,))


class Crops:
    """Pad, crop, flip. Every crop of every picture and its mirror image is one element of a strided
    view of the padded pictures, so that one indexing operation makes a batch. Faster than
    airbench's masks by shift (6 times), torch.take (2 times), and a copy a picture.
    """

    def __init__(self, pictures: torch.Tensor, padding: int, batch: int) -> None:
        """`pictures` are padded already."""
        self.batch_size, self.padding, self.count = batch, padding, len(pictures)
        both = torch.stack([pictures, pictures.flip(-1)], 1)
        self.shifts = 2 * padding + 1
        _, channels, height, width = pictures.shape
        picture, mirror, plane, row, _ = both.stride()
        self.crops = both.as_strided(
            (self.count, 2, self.shifts, self.shifts, channels, height - 2 * padding,
             width - 2 * padding),
            (picture, mirror, row, 1, plane, row, 1),
        )

    def batch(self) -> torch.Tensor:
        n = self.batch_size
        rows = torch.randint(self.count, (n,))
        top, left = torch.randint(self.shifts, (n,)), torch.randint(self.shifts, (n,))
        return self.crops[rows, flips(n), top, left]

    def replay(self, views: list[dict]) -> torch.Tensor:
        boxes = torch.tensor([view["box"] for view in views])
        mirrored = torch.tensor([int(view["flip"]) for view in views])
        left, top = boxes[:, 0] + self.padding, boxes[:, 1] + self.padding
        # The mirror image holds the crop that is mirrored as its own mirror image.
        left = torch.where(mirrored == 1, 2 * self.padding - left, left)
        return self.crops[torch.tensor([view["index"] for view in views]), mirrored, top, left]


def padded(task, padding: int) -> torch.Tensor:
    return torch.nn.functional.pad(task.pictures, [padding] * 4)


class PadCropViews(Crops):
    """The pictures are kept normalised: with uint8 converted a batch at a time it is a fifth slower."""

    def __init__(self, task, padding: int) -> None:
        pictures = padded(task, padding).float().div_(255)
        pictures.sub_(task.mean.view(3, 1, 1)).div_(task.stddev.view(3, 1, 1))
        super().__init__(pictures, padding, task.batch)


def gray(x: torch.Tensor) -> torch.Tensor:
    """[n, 1, height, width]."""
    g = torch.mul(x[:, 0], 0.2989).add_(x[:, 1], alpha=0.587).add_(x[:, 2], alpha=0.114)
    return g.unsqueeze(1)


def column(values: torch.Tensor) -> torch.Tensor:
    return values.view(-1, 1, 1, 1)


# Changes of fp32 images 0..1 in place, by a factor an image.


def brighten(x: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    return x.mul_(column(factor)).clamp_(0, 1)


def change_contrast(x: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    mean = gray(x).mean((1, 2, 3))
    return x.mul_(column(factor)).add_(column((1 - factor) * mean)).clamp_(0, 1)


def saturate(x: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    g = gray(x).mul_(column(1 - factor))
    return x.mul_(column(factor)).add_(g).clamp_(0, 1)


def turn_hue(x: torch.Tensor, turns: torch.Tensor) -> torch.Tensor:
    """Channel k is max - chroma * clamp(2 - |6 frac(hue + offset_k) - 2|, 0, 1): HSV there and back
    without its six cases.
    """
    r, g, b = x.unbind(1)
    high = torch.maximum(torch.maximum(r, g), b)
    chroma = high - torch.minimum(torch.minimum(r, g), b)
    place = torch.where(high == g, (b - r).add_(chroma, alpha=2), (r - g).add_(chroma, alpha=4))
    place = torch.where(high == r, g - b, place)
    hue = place.div_(chroma.clamp(min=1e-9).mul_(6)).add_((turns + 1).view(-1, 1, 1))
    for k, offset in enumerate((5 / 6, 3 / 6, 1 / 6)):
        part = (hue + offset).frac_().sub_(1 / 3).abs_().mul_(-6).add_(2).clamp_(0, 1)
        torch.addcmul(high, chroma, part, value=-1, out=x[:, k])
    return x


class ColorJitterViews:
    """After the crops, a factor an image, all images of a batch in one order: a new one a batch, which
    is less than torchvision draws. CHUNK images at a time, so that they stay in the cache.
    """

    CHUNK = 32
    CHANGES = {
        "brightness": brighten,
        "contrast": change_contrast,
        "saturation": saturate,
        "hue": turn_hue,
    }

    def __init__(self, task, padding: int, strengths: list[float]) -> None:
        self.crops = Crops(padded(task, padding).float().div_(255), padding, task.batch)
        self.strengths = strengths
        self.scale = (1 / task.stddev).view(3, 1, 1)
        self.shift = (-task.mean / task.stddev).view(3, 1, 1)

    def draw(self, count: int) -> dict[str, torch.Tensor]:
        centres = (1.0, 1.0, 1.0, 0.0)
        values = {
            name: torch.empty(count).uniform_(centre - strength, centre + strength)
            for name, centre, strength in zip(self.CHANGES, centres, self.strengths)
        }
        order = torch.randperm(len(values)).tolist()
        return {name: values[name] for name in (list(values)[k] for k in order)}

    def changed(self, x: torch.Tensor, values: dict[str, torch.Tensor]) -> torch.Tensor:
        for first in range(0, len(x), self.CHUNK):
            chunk = slice(first, first + self.CHUNK)
            for name, value in values.items():
                self.CHANGES[name](x[chunk], value[chunk])
            x[chunk].mul_(self.scale).add_(self.shift)
        return x

    def batch(self) -> torch.Tensor:
        x = self.crops.batch()
        return self.changed(x, self.draw(len(x)))

    def replay(self, views: list[dict]) -> torch.Tensor:
        x = self.crops.replay(views)
        for k, view in enumerate(views):
            values = {}
            for kind, parameters in named(view):
                unit = TURN if kind == "hue" else ONE
                values[kind] = torch.tensor([parameters[0] / unit])
            x[k : k + 1] = self.changed(x[k : k + 1], values)
        return x


class RandAugmentViews:
    """After the crops, uint8; in each step the images that drew the same go through it together. What
    moves pixels by a known map is one index_select, what maps values by a known table is arithmetic.
    """

    NAMES = (
        "Identity ShearX ShearY TranslateX TranslateY Rotate Brightness Color Contrast Sharpness "
        "Posterize Solarize AutoContrast Equalize"
    ).split()
    SIGNED = NAMES[1:10]

    def __init__(self, task, padding: int, steps: int, level: int) -> None:
        self.crops = Crops(padded(task, padding), padding, task.batch)
        self.steps = steps
        self.size = size = task.pictures.shape[-1]
        self.scale = (1 / (255 * task.stddev)).view(3, 1, 1)
        self.shift = (-task.mean / task.stddev).view(3, 1, 1)
        self.magnitude = {name: magnitude_of(name, level, size) for name in self.NAMES}
        self.sources = {
            (name, sign): self.source(name, sign * self.magnitude[name])
            for name in self.NAMES[1:6]
            for sign in (-1, 1)
        }
        kernel = torch.ones(3, 1, 3, 3)
        kernel[:, :, 1, 1] = 5
        self.smooth = kernel / kernel[0].sum()

    def source(self, name: str, magnitude: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Where each pixel comes from, and 1 where that is in the image: of torchvision itself."""
        size = self.size
        places = torch.arange(1, size * size + 1).view(size, size)
        image = Image.fromarray(places.to(torch.int32).numpy(), mode="I")
        moved = autoaugment._apply_op(
            image, name, magnitude, T.InterpolationMode.NEAREST, None
        )
        found = torch.from_numpy(np.array(moved)).long().view(-1)
        return (found - 1).clamp(min=0), (found > 0).to(torch.uint8)

    def changed(self, x: torch.Tensor, name: str, sign: int) -> torch.Tensor:
        n, _, height, width = x.shape
        magnitude = self.magnitude[name]
        factor = 1 + sign * magnitude
        if (name, sign) in self.sources:
            places, inside = self.sources[name, sign]
            return x.view(n * 3, -1).index_select(1, places).mul_(inside).view(x.shape)
        if name == "Brightness":
            return x.float().mul_(factor).clamp_(0, 255).byte()
        if name == "Color":
            y = x.float()
            g = gray(y).mul_(1 - factor)
            return y.mul_(factor).add_(g).clamp_(0, 255).byte()
        if name == "Contrast":
            y = x.float()
            mean = gray(y).mean((1, 2, 3), keepdim=True)
            return y.mul_(factor).add_(mean.mul_(1 - factor)).clamp_(0, 255).byte()
        if name == "Sharpness":
            y = x.float()
            inner = y[:, :, 1:-1, 1:-1]
            smooth = torch.nn.functional.conv2d(y, self.smooth, groups=3).round_()
            inner.mul_(factor).add_(smooth.mul_(1 - factor))
            return y.clamp_(0, 255).byte()
        if name == "Posterize":
            return x & (256 - (1 << (8 - int(magnitude))))
        if name == "Solarize":
            return torch.where(x < magnitude, x, 255 - x)
        if name == "AutoContrast":
            y = x.view(n * 3, -1)
            low, high = y.amin(1, keepdim=True), y.amax(1, keepdim=True)
            gain = torch.where(high > low, 255.0 / (high - low), 1.0)
            low = torch.where(high > low, low, 0)
            return (y - low).float().mul_(gain).clamp_(0, 255).byte().view(x.shape)
        if name == "Equalize":
            return self.equalized(x.view(n * 3, -1)).view(x.shape)
        return x

    def equalized(self, planes: torch.Tensor) -> torch.Tensor:
        count = len(planes)
        places = planes.long()
        histogram = torch.zeros(count, 256, dtype=torch.long)
        histogram.scatter_add_(1, places, torch.ones((), dtype=torch.long).expand_as(places))
        total = planes.shape[1]
        last = histogram.gather(1, planes.amax(1, keepdim=True).long())
        step = (total - last) // 255
        below = histogram.cumsum(1) - histogram
        table = ((below + step // 2) // step.clamp(min=1)).clamp_(0, 255)
        table = torch.where(step == 0, torch.arange(256), table).byte()
        return table.gather(1, places)

    def step(self, x: torch.Tensor, choice: torch.Tensor, sign: torch.Tensor) -> None:
        for number, name in enumerate(self.NAMES):
            if name == "Identity":
                continue
            chosen = choice == number
            for s in (-1, 1) if name in self.SIGNED else (1,):
                of_sign = chosen & (sign == s) if name in self.SIGNED else chosen
                rows = of_sign.nonzero().view(-1)
                if len(rows) > 0:
                    x[rows] = self.changed(x[rows], name, s)

    def normalised(self, x: torch.Tensor) -> torch.Tensor:
        return x.float().mul_(self.scale).add_(self.shift)

    def batch(self) -> torch.Tensor:
        x = self.crops.batch()
        for _ in range(self.steps):
            choice = torch.randint(len(self.NAMES), (len(x),))
            self.step(x, choice, flips(len(x)) * 2 - 1)
        return self.normalised(x)

    def replay(self, views: list[dict]) -> torch.Tensor:
        x = self.crops.replay(views)
        for k in range(self.steps):
            drawn = [[randaugment_step(*o) for o in named(view)] for view in views]
            # Views that drew an identity have fewer operations.
            drawn = [steps[k] if k < len(steps) else ("Identity", 1.0) for steps in drawn]
            choice = torch.tensor([self.NAMES.index(name) for name, _ in drawn])
            self.step(x, choice, torch.tensor([int(sign) for _, sign in drawn]))
        return self.normalised(x)


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
    padding = int(parts["pad-crop"][0])
    if "color-jitter" in parts:
        return ColorJitterViews(task, padding, parts["color-jitter"])
    if "randaugment" in parts:
        return RandAugmentViews(task, padding, *map(int, parts["randaugment"]))
    return PadCropViews(task, padding)
