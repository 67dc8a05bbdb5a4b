"""Writes TorchScript modules and what they answer to some images.

usage: make_torchscript_teachers.py FOLDER

Modules, all for images of 3 channels:
  logits.pt      logits of 10 classes; saved in training mode, in which it answers otherwise
  features.pt    a tuple of logits (10 classes) and features, traced
  nan.pt         logits of 10 classes, of which some are not numbers for bright images
  list.pt        a list of logits, which is none of the forms
  flat.pt        logits that lack the images' axis
  state_dict.pt  weights alone, no module
  gpu.pt         logits.pt as a machine with a GPU saves it
answers.safetensors holds "pixels" (uint8), the "logits" and "features" of images that are normalised
by MEAN and STDDEV, and "resized_logits" and "resized_features" of images resized to SIDE.
"""

import pathlib
import sys
import zipfile
from typing import List, Tuple

try:
    import torch

    import plain_safetensors
except ImportError as error:
    sys.exit(
        f"{error}: this needs PyTorch; on Debian, 'apt-get install python3-torch'. "
        "TANDEM_SKIP_PYTHON=1 in the environment skips it."
    )

MEAN = (0.2, 0.4, 0.6)
STDDEV = (0.5, 0.25, 1.0)
SIDE = 21


class Classifier(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.body = torch.nn.Sequential(
            torch.nn.Conv2d(3, 12, 3, padding=1),
            torch.nn.BatchNorm2d(12),
            torch.nn.ReLU(),
            torch.nn.Conv2d(12, 20, 3, padding=1, stride=2),
            torch.nn.ReLU(),
            torch.nn.AdaptiveAvgPool2d(2),
            torch.nn.Flatten(),
            torch.nn.Linear(80, 70),
            torch.nn.Dropout(0.5),
        )
        self.head = torch.nn.Linear(70, 10)

    def forward(self, images):
        return self.head(self.body(images))


class WithFeatures(torch.nn.Module):
    def __init__(self, classifier):
        super().__init__()
        self.classifier = classifier

    def forward(self, images) -> Tuple[torch.Tensor, torch.Tensor]:
        features = self.classifier.body(images)
        return self.classifier.head(features), features


class NotANumber(torch.nn.Module):
    def forward(self, images):
        level = images.mean((1, 2, 3)).unsqueeze(1).expand(-1, 10)
        return torch.sqrt(1 - level)


class AsList(torch.nn.Module):
    def forward(self, images) -> List[torch.Tensor]:
        return [images.flatten(1)]


class Flat(torch.nn.Module):
    def forward(self, images):
        return images.mean((2, 3)).sum(0)


def write_as_of_a_gpu(path, to):
    """The same module with storages that say cuda:0, as a machine with a GPU saves it."""
    with zipfile.ZipFile(path) as module, zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as out:
        for entry in module.infolist():
            content = module.read(entry.filename)
            if entry.filename.endswith("data.pkl"):
                content = content.replace(b"X\x03\0\0\0cpu", b"X\x06\0\0\0cuda:0")
            out.writestr(entry.filename.replace(f"{path.stem}/", f"{to.stem}/"), content)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(2)
    classifier = Classifier()
    classifier.head.weight.data *= 10  # so that logits differ from image to image
    with torch.no_grad():
        for _ in range(3):
            classifier(torch.randn(32, 3, 12, 10))
    torch.jit.script(classifier).save(folder / "logits.pt")
    classifier.eval()
    with_features = WithFeatures(classifier).eval()
    torch.jit.trace(with_features, torch.randn(2, 3, 12, 10)).save(folder / "features.pt")
    for name, module in (("nan", NotANumber()), ("list", AsList()), ("flat", Flat())):
        torch.jit.script(module).save(folder / f"{name}.pt")
    torch.save(classifier.state_dict(), folder / "state_dict.pt")
    write_as_of_a_gpu(folder / "logits.pt", folder / "gpu.pt")

    pixels = torch.randint(0, 256, (100, 3, 12, 10), dtype=torch.uint8)
    mean = torch.tensor(MEAN).reshape(1, 3, 1, 1)
    stddev = torch.tensor(STDDEV).reshape(1, 3, 1, 1)
    images = pixels.double() / 255
    resized = torch.nn.functional.interpolate(images, size=(SIDE, SIDE), mode="bilinear")
    with torch.no_grad():
        logits, features = with_features(((images - mean) / stddev).float())
        resized_logits, resized_features = with_features(((resized - mean) / stddev).float())
    plain_safetensors.write(
        folder / "answers.safetensors",
        {
            "pixels": pixels,
            "logits": logits,
            "features": features,
            "resized_logits": resized_logits,
            "resized_features": resized_features,
        },
    )


if __name__ == "__main__":
    main()
