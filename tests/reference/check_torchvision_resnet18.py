"""Loads checkpoints of Tandem's resnet18 into torchvision's and compares their logits.

usage: check_torchvision_resnet18.py FOLDER

FOLDER holds, for each stem (cifar, imagenet), STEM-weights.safetensors and STEM-batch.safetensors
with "images" and the "logits" that Tandem computed in evaluation mode. Exits with 1 and a message
where they differ.
"""

import json
import pathlib
import sys

try:
    import numpy
    import torch
    import torchvision
except ImportError as error:
    sys.exit(
        f"{error}: this check needs PyTorch and torchvision; on Debian, "
        "'apt-get install python3-torch python3-torchvision'. "
        "TANDEM_SKIP_PYTHON=1 in the environment skips it."
    )

DTYPES = {"F32": numpy.float32, "I64": numpy.int64}
TOLERANCE = 1e-4


def read_safetensors(path):
    """Tensors by name, read by hand: Debian 12 has no package for the format."""
    content = path.read_bytes()
    data = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:data])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(content[data + begin : data + end], DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


def make_resnet18(stem):
    model = torchvision.models.resnet18(num_classes=10)
    if stem == "cifar":
        model.conv1 = torch.nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1, bias=False)
        model.maxpool = torch.nn.Identity()
    return model.eval()


def check(folder, stem):
    batch = read_safetensors(folder / f"{stem}-batch.safetensors")
    model = make_resnet18(stem)
    model.load_state_dict(read_safetensors(folder / f"{stem}-weights.safetensors"), strict=True)
    with torch.no_grad():
        expected = model(batch["images"])
    if expected.std() < 0.01:
        sys.exit(f"{stem}: the logits hardly vary, so this comparison says nothing: {expected}")
    difference = (expected - batch["logits"]).abs().max().item()
    if not difference <= TOLERANCE:
        sys.exit(
            f"{stem}: logits differ from torchvision's by up to {difference:.3g}, "
            f"expected at most {TOLERANCE}"
        )
    print(f"{stem}: logits agree with torchvision's within {difference:.3g}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for stem in ("cifar", "imagenet"):
        check(pathlib.Path(sys.argv[1]), stem)


if __name__ == "__main__":
    main()
