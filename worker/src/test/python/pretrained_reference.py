# SPDX-License-Identifier: Apache-2.0
"""Files and numbers of PyTorch's for the tests of org.bellows.worker.model.

    apt-get install python3-torch python3-torchvision     (1.13.1 and 0.14.1 when this was last run)
    python3 pretrained_reference.py FOLDER WEIGHTS

writes into FOLDER small checkpoints in both formats, the names and shapes of torchvision's arrays
(a digest for each network), the logits of the ResNet-20 of WEIGHTS (resnet20-12fca82f.th) for four
pictures whose pixels the Java test can make again, and those of networks for segmentation whose
parameters it can make again, too.
"""

import hashlib
import math
import os
import sys

import numpy
import torch
import torch.nn.functional as functional
import torchvision
from torch import nn

VISION = (
    ["alexnet", "inception_v3", "mobilenet_v2"]
    + [f"resnet{depth}" for depth in (18, 34, 50, 101, 152)]
    + [f"vgg{depth}{norm}" for depth in (11, 13, 16, 19) for norm in ("", "_bn")]
    + [f"efficientnet_b{number}" for number in range(8)]
)

SEGMENTATION = {
    f"{ours}-resnet{depth}": f"{theirs}_resnet{depth}"
    for ours, theirs in (("fcn", "fcn"), ("deeplab-v3", "deeplabv3"))
    for depth in (50, 101)
}


class Block(nn.Module):
    """Of pytorch_resnet_cifar10: option A pads a quarter of the channels on each side."""

    def __init__(self, before, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.quarter = channels // 4 if before != channels else 0
        self.stride = stride

    def forward(self, x):
        shortcut = functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.quarter, self.quarter))
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + shortcut)


class CifarResNet(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        before = 16
        for stage, channels in enumerate((16, 32, 64), 1):
            layers = []
            for block in range(blocks):
                layers.append(Block(before, channels, 2 if stage > 1 and block == 0 else 1))
                before = channels
            self.add_module(f"layer{stage}", nn.Sequential(*layers))
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = functional.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def pictures(count, height, width):
    """Whole numbers of 256ths that no other picture repeats: (i * 7919 mod 1009) / 256 - 2."""
    index = numpy.arange(count * 3 * height * width, dtype=numpy.int64)
    return torch.from_numpy((index * 7919 % 1009) / 256 - 2).reshape(count, 3, height, width)


def noise(array, count):
    """The first values of SplitMix64 started at the array's number: 24 bits each, in -0.5..0.5."""
    steps = numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    z = steps + numpy.uint64(array)
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    z = z ^ (z >> numpy.uint64(31))
    return (z >> numpy.uint64(40)).astype(numpy.float64) / 2**24 - 0.5


def fill(network):
    """Arrays in the order of their names; weights by the number of inputs (He et al. 2015)."""
    state = network.state_dict()
    names = sorted(key for key, value in state.items() if value.dtype.is_floating_point)
    for number, name in enumerate(names):
        array = state[name]
        values = noise(number, array.numel())
        if array.dim() == 4:
            values = values * math.sqrt(24 / (array.numel() // array.shape[0]))
        elif name.endswith("running_var"):
            values = 1 + values
        elif name.endswith("weight"):
            values = 1 + values / 2
        else:
            values = values / 4
        array.copy_(torch.from_numpy(values).float().reshape(array.shape))


def segmentation_network(name, classes):
    create = getattr(torchvision.models.segmentation, SEGMENTATION[name])
    return create(weights=None, weights_backbone=None, num_classes=classes, aux_loss=True)


def segmentation(folder):
    """Every 97th logit of a 33 x 41 picture and 5 classes: the answer's, then the auxiliary head's."""
    for name in ("fcn-resnet50", "deeplab-v3-resnet50"):
        network = segmentation_network(name, 5).eval()
        fill(network)
        answers = network.double()(pictures(1, 33, 41))
        logits = [answers[head].flatten()[::97].numpy() for head in ("out", "aux")]
        numpy.savetxt(f"{folder}/{name}.txt", numpy.stack(logits), fmt="%.9e")


def ramp(*shape):
    return torch.arange(int(numpy.prod(shape)), dtype=torch.float32).reshape(shape) / 4 - 1


class Evil:
    def __reduce__(self):
        return os.system, ("touch /tmp/bellows-was-here",)


def checkpoints(folder):
    arrays = {
        "float32": ramp(2, 3),
        "float64": ramp(2, 3).double(),
        "float16": ramp(2, 3).half(),
        "bfloat16": ramp(2, 3).bfloat16(),
        "transposed": ramp(3, 2).t(),
        "every-second": ramp(2, 6)[:, ::2],
        "parameter": nn.Parameter(ramp(2, 3)),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 3),
        "counter": torch.tensor(7),
    }
    torch.save(arrays, f"{folder}/types.pt")
    torch.save(arrays, f"{folder}/types-old.pt", _use_new_zipfile_serialization=False)
    torch.save(arrays, f"{folder}/types-protocol4.pt", pickle_protocol=4)
    network = nn.DataParallel(nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)))
    wrapped = {"epoch": 3, "best": 0.5, "arch": "tiny", "state_dict": network.state_dict(), "tags": [1, None, True]}
    torch.save(wrapped, f"{folder}/wrapped.pt")
    torch.save({"weight": ramp(2), "evil": Evil()}, f"{folder}/evil.pt")
    torch.save({"weight": ramp(2), "evil": Evil()}, f"{folder}/evil-old.pt", _use_new_zipfile_serialization=False)
    torch.save({"weight": ramp(2), "best": numpy.float64(0.5)}, f"{folder}/numpy.pt")
    torch.save(nn.Linear(2, 2), f"{folder}/module.pt")


def digests(folder):
    with open(f"{folder}/torchvision.txt", "w") as file:
        for name in VISION:
            options = {"init_weights": False} if name == "inception_v3" else {}
            digest(file, name.replace("_", "-"), getattr(torchvision.models, name)(weights=None, **options))
        for name in SEGMENTATION:
            digest(file, name, segmentation_network(name, 1000))


def digest(file, name, network):
    state = network.state_dict()
    lines = sorted(f"{key} {list(value.shape)}\n" for key, value in state.items() if value.dtype.is_floating_point)
    file.write(f"{name} {len(lines)} {hashlib.sha256(''.join(lines).encode()).hexdigest()}\n")


def resnet20(folder, weights):
    saved = torch.load(weights, map_location="cpu")["state_dict"]
    network = CifarResNet(3).double().eval()
    network.load_state_dict({key.removeprefix("module."): value for key, value in saved.items()}, strict=False)
    logits = network(pictures(4, 32, 32))
    numpy.savetxt(f"{folder}/resnet20-cifar.txt", logits.numpy(), fmt="%.9e")


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    checkpoints(sys.argv[1])
    resnet20(sys.argv[1], sys.argv[2])
    segmentation(sys.argv[1])
    digests(sys.argv[1])
