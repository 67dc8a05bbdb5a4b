"""Writes ResNets of torchvision with random weights, as other programs export them.

usage: write_torchvision_resnets.py FOLDER

Writes for each of CASES its weights to NAME.safetensors, without metadata of Tandem's, and to
NAME-batch.safetensors "images" and the "logits" that torchvision computes in evaluation mode.
"""

import pathlib
import sys

try:
    import torch
    import torchvision

    import plain_safetensors
except ImportError as error:
    sys.exit(
        f"{error}: this needs PyTorch and torchvision; on Debian, "
        "'apt-get install python3-torch python3-torchvision'. "
        "TANDEM_SKIP_PYTHON=1 in the environment skips it."
    )

BasicBlock = torchvision.models.resnet.BasicBlock
Bottleneck = torchvision.models.resnet.Bottleneck
ResNet = torchvision.models.ResNet


def with_small_stem(model, channels):
    model.conv1 = torch.nn.Conv2d(channels, 64, kernel_size=3, padding=1, bias=False)
    model.maxpool = torch.nn.Identity()
    return model


# Name: model, channels, side of the images, whether counters are left out (as timm does), dtype.
CASES = {
    "resnet34": (torchvision.models.resnet34(num_classes=7), 3, 48, False, torch.float32),
    "resnet50": (torchvision.models.resnet50(num_classes=11), 3, 48, True, torch.float32),
    "grey18": (
        with_small_stem(torchvision.models.resnet18(num_classes=10), 1),
        1,
        28,
        True,
        torch.float32,
    ),
    "half1211": (ResNet(Bottleneck, [1, 2, 1, 1], num_classes=5), 3, 40, False, torch.float16),
    "basic1321": (ResNet(BasicBlock, [1, 3, 2, 1], num_classes=5), 3, 40, False, torch.float32),
}


def randomise(model, channels, side):
    """Scales, shifts and statistics that differ from their initial values."""
    for parameter in model.parameters():
        if parameter.dim() == 1:
            parameter.data.add_(torch.randn_like(parameter), alpha=0.2)
    model.train()
    with torch.no_grad():
        for _ in range(5):
            model(torch.randn(8, channels, side, side))
    model.eval()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(1)
    for name, (model, channels, side, without_counters, dtype) in CASES.items():
        randomise(model, channels, side)
        state = {}
        for key, tensor in model.state_dict().items():
            if without_counters and key.endswith("num_batches_tracked"):
                continue
            state[key] = tensor.to(dtype) if tensor.is_floating_point() else tensor
        model.load_state_dict(state, strict=False)  # rounded, if they were
        plain_safetensors.write(folder / f"{name}.safetensors", state, {"format": "pt"})
        images = torch.randn(3, channels, side, side)
        with torch.no_grad():
            batch = {"images": images, "logits": model(images)}
        plain_safetensors.write(folder / f"{name}-batch.safetensors", batch)


if __name__ == "__main__":
    main()
