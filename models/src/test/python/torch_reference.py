# SPDX-License-Identifier: Apache-2.0
"""Answers of torchvision's networks, and of a GoogLeNet written down here, for the agreement test.

    apt-get install python3-torch python3-torchvision     (1.13.1 and 0.14.1 when this was last run)
    python3 torch_reference.py FOLDER [NETWORK...]

writes FOLDER/NETWORK.txt with the logits of every 25th class. Parameters and picture are
pseudo-random numbers that the Java test can make again: each array has a stream of its own, seeded
by the CRC-32 of its name here, so that an array in the wrong place gives another answer.
"""

import sys
import zlib

import numpy
import torch
import torch.nn.functional as functional
import torchvision
from torch import nn

GOLDEN_GAMMA = numpy.uint64(0x9E3779B97F4A7C15)


def uniform(name, shape):
    """SplitMix64 from CRC-32(name), the upper 53 bits of each number, in [0, 1)."""
    count = int(numpy.prod(shape))
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(zlib.crc32(name.encode())) + GOLDEN_GAMMA * numpy.arange(1, count + 1, dtype=numpy.uint64)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    return ((z >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-53).reshape(shape)


def values(name, kind, shape):
    """Weights keep the variance of what they see; the rest lies about the usual values."""
    u = uniform(name, shape)
    if kind == "W":
        return (2 * u - 1) * numpy.sqrt(6 / numpy.prod(shape[1:]))
    if kind in ("gamma", "var"):
        return 0.5 + u
    return 0.2 * (u - 0.5)


def kind(module, parameter, norms):
    """What Bellows calls the array."""
    names = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}
    return names[parameter] if module in norms else {"weight": "W", "bias": "b"}[parameter]


def fill(network):
    norms = {name for name, module in network.named_modules() if isinstance(module, nn.BatchNorm2d)}
    state = network.state_dict()
    for key, tensor in state.items():
        module, parameter = key.rsplit(".", 1)
        if parameter != "num_batches_tracked":
            tensor.copy_(torch.from_numpy(values(key, kind(module, parameter, norms), tuple(tensor.shape))))
    network.load_state_dict(state)


class GoogLeNet(nn.Module):
    """Szegedy et al. 2014, table 1, without BatchNorm, as the authors' Caffe model; no auxiliary heads."""

    MODULES = {
        "3a": (192, 64, 96, 128, 16, 32, 32), "3b": (256, 128, 128, 192, 32, 96, 64),
        "4a": (480, 192, 96, 208, 16, 48, 64), "4b": (512, 160, 112, 224, 24, 64, 64),
        "4c": (512, 128, 128, 256, 24, 64, 64), "4d": (512, 112, 144, 288, 32, 64, 64),
        "4e": (528, 256, 160, 320, 32, 128, 128), "5a": (832, 256, 160, 320, 32, 128, 128),
        "5b": (832, 384, 192, 384, 48, 128, 128),
    }

    def __init__(self):
        super().__init__()
        self.add_module("stem1", nn.Conv2d(3, 64, 7, stride=2, padding=3))
        self.add_module("stem2-reduce", nn.Conv2d(64, 64, 1))
        self.add_module("stem2", nn.Conv2d(64, 192, 3, padding=1))
        for name, (inputs, one, three_in, three, five_in, five, pool) in self.MODULES.items():
            self.add_module(name + "-1x1", nn.Conv2d(inputs, one, 1))
            self.add_module(name + "-3x3-reduce", nn.Conv2d(inputs, three_in, 1))
            self.add_module(name + "-3x3", nn.Conv2d(three_in, three, 3, padding=1))
            self.add_module(name + "-5x5-reduce", nn.Conv2d(inputs, five_in, 1))
            self.add_module(name + "-5x5", nn.Conv2d(five_in, five, 5, padding=2))
            self.add_module(name + "-pool-projection", nn.Conv2d(inputs, pool, 1))
        self.add_module("output", nn.Linear(1024, 1000))

    def step(self, name, x):
        return functional.relu(self.get_submodule(name)(x))

    def module(self, name, x):
        pooled = functional.max_pool2d(x, 3, stride=1, padding=1)
        return torch.cat(
            [
                self.step(name + "-1x1", x),
                self.step(name + "-3x3", self.step(name + "-3x3-reduce", x)),
                self.step(name + "-5x5", self.step(name + "-5x5-reduce", x)),
                self.step(name + "-pool-projection", pooled),
            ],
            1,
        )

    def forward(self, x):
        def halve(maps):
            return functional.max_pool2d(maps, 3, stride=2, ceil_mode=True)

        def norm(maps):
            return functional.local_response_norm(maps, 5, alpha=1e-4, beta=0.75, k=1)

        x = norm(halve(self.step("stem1", x)))
        x = halve(norm(self.step("stem2", self.step("stem2-reduce", x))))
        for name in self.MODULES:
            x = self.module(name, x)
            if name in ("3b", "4e"):
                x = halve(x)
        return self.get_submodule("output")(x.mean((2, 3)))


def vision(name, **options):
    return getattr(torchvision.models, name)(weights=None, **options)


def inception_v3():
    """Without the auxiliary head, which counts in training only."""
    # The published model leaves padding out of averages; torchvision counts it.
    average = functional.avg_pool2d
    functional.avg_pool2d = lambda *arguments, **named: average(*arguments, **named, count_include_pad=False)
    return vision("inception_v3", aux_logits=False, init_weights=False)


# By Bellows' name.
NETWORKS = {
    "resnet18": lambda: vision("resnet18"),
    "resnet34": lambda: vision("resnet34"),
    "resnet50": lambda: vision("resnet50"),
    "vgg11": lambda: vision("vgg11"),
    "vgg16": lambda: vision("vgg16"),
    "vgg11-bn": lambda: vision("vgg11_bn"),
    "alexnet": lambda: vision("alexnet"),
    "mobilenet-v2": lambda: vision("mobilenet_v2"),
    "efficientnet-b0": lambda: vision("efficientnet_b0"),
    "googlenet": GoogLeNet,
    "inception-v3": inception_v3,
}
SIDES = {"inception-v3": 299}


def main(folder, names):
    torch.set_grad_enabled(False)
    for name in names or NETWORKS:
        network = NETWORKS[name]().double().eval()
        fill(network)
        side = SIDES.get(name, 224)
        picture = torch.from_numpy(2 * uniform("picture", (1, 3, side, side)) - 1)
        answer = network(picture)[0, ::25].numpy()
        with open(f"{folder}/{name}.txt", "w") as file:
            file.writelines(f"{value:.7e}\n" for value in answer)
        print(name, answer.min(), answer.max())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
