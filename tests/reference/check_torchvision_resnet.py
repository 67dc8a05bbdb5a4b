"""Loads checkpoints of Tandem's ResNets into torchvision's and compares their logits.

usage: check_torchvision_resnet.py FOLDER

For each checkpoint NAME-STEM-weights.safetensors (resnet18-cifar-..., resnet50-imagenet-...) FOLDER
holds NAME-STEM-batch.safetensors with "images" and the "logits" that Tandem computed in evaluation
mode. Exits with 1 and a message where they differ.
"""

import pathlib
import sys

try:
    import torch
    import torchvision

    import plain_safetensors
except ImportError as error:
    sys.exit(
        f"{error}: this check needs PyTorch and torchvision; on Debian, "
        "'apt-get install python3-torch python3-torchvision'. "
        "TANDEM_SKIP_PYTHON=1 in the environment skips it."
    )

TOLERANCE = 1e-4  # of the largest logit


def make_resnet(name, stem):
    model = getattr(torchvision.models, name)(num_classes=10)
    if stem == "cifar":
        model.conv1 = torch.nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1, bias=False)
        model.maxpool = torch.nn.Identity()
    return model.eval()


def check(folder, case):
    name, stem = case.split("-")
    batch = plain_safetensors.read(folder / f"{case}-batch.safetensors")
    model = make_resnet(name, stem)
    weights = plain_safetensors.read(folder / f"{case}-weights.safetensors")
    model.load_state_dict(weights, strict=True)
    with torch.no_grad():
        expected = model(batch["images"])
    largest = expected.abs().max().item()
    if expected.std(0).max() < 0.01 * largest:
        sys.exit(f"{case}: the logits hardly vary, so this comparison says nothing: {expected}")
    difference = (expected - batch["logits"]).abs().max().item()
    if not difference <= TOLERANCE * largest:
        sys.exit(
            f"{case}: logits differ from torchvision's by up to {difference:.3g}, "
            f"expected at most {TOLERANCE} of the largest, {largest:.3g}"
        )
    print(f"{case}: logits up to {largest:.3g} agree with torchvision's within {difference:.3g}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    suffix = "-weights.safetensors"
    cases = sorted(path.name[: -len(suffix)] for path in folder.glob("*" + suffix))
    if not cases:
        sys.exit(f"{folder}: no checkpoints to compare")
    for case in cases:
        check(folder, case)


if __name__ == "__main__":
    main()
