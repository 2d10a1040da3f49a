"""Answers of torchvision's networks, and of a GoogLeNet written down here, for the agreement test.

    apt-get install python3-torch python3-torchvision     (1.13.1 and 0.14.1 when this was last run)
    python3 torch_reference.py FOLDER [NETWORK...]

writes FOLDER/NETWORK.txt with the logits of every 25th class. Parameters and picture are
pseudo-random numbers that the Java test can make again: each array has a stream of its own, seeded
by the CRC-32 of its Bellows name, so that an array in the wrong place gives another answer.
"""

import re
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


def values(name, shape):
    """Weights keep the variance of what they see; the rest lies about the usual values."""
    u = uniform(name, shape)
    kind = name.rsplit("_", 1)[1]
    if kind == "W":
        return (2 * u - 1) * numpy.sqrt(6 / numpy.prod(shape[1:]))
    if kind in ("gamma", "var"):
        return 0.5 + u
    return 0.2 * (u - 0.5)


PARAMETERS = {"weight": "W", "bias": "b"}
NORM_PARAMETERS = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}


def fill(network, layer_of):
    norms = {name for name, module in network.named_modules() if isinstance(module, nn.BatchNorm2d)}
    state = network.state_dict()
    for key, tensor in state.items():
        module, parameter = key.rsplit(".", 1)
        if parameter == "num_batches_tracked":
            continue
        kinds = NORM_PARAMETERS if module in norms else PARAMETERS
        name = layer_of(module) + "_" + kinds[parameter]
        shape = tuple(tensor.shape)
        tensor.copy_(torch.from_numpy(values(name, shape)))
    network.load_state_dict(state)


def resnet_layer(module):
    block = re.fullmatch(r"layer(\d)\.(\d+)\.(conv|bn|downsample\.)(\d)", module)
    if not block:
        return {"conv1": "stem", "bn1": "stem-norm", "fc": "output"}[module]
    stage, index, kind, number = block.groups()
    name = f"stage{stage}-block{int(index) + 1}-"
    if kind == "downsample.":
        return name + "shortcut" + ("-norm" if number == "1" else "")
    return name + "abc"[int(number) - 1] + ("-norm" if kind == "bn" else "")


def vgg_layer(network):
    names, stage, index = {}, 1, 0
    for position, module in enumerate(network.features):
        if isinstance(module, nn.MaxPool2d):
            stage, index = stage + 1, 0
        elif isinstance(module, nn.Conv2d):
            index += 1
            names[f"features.{position}"] = f"conv{stage}-{index}"
        elif isinstance(module, nn.BatchNorm2d):
            names[f"features.{position}"] = f"conv{stage}-{index}-norm"
    names.update({"classifier.0": "fc6", "classifier.3": "fc7", "classifier.6": "output"})
    return names.__getitem__


ALEXNET = {
    "features.0": "conv1", "features.3": "conv2", "features.6": "conv3", "features.8": "conv4", "features.10": "conv5",
    "classifier.1": "fc6", "classifier.4": "fc7", "classifier.6": "output",
}


def mobilenet_layer(module):
    """Blocks are counted through in torchvision, by stage in Bellows."""
    if module == "classifier.1":
        return "output"
    parts = module.split(".")
    block, last = int(parts[1]), parts[-1]
    if block in (0, 18):
        return ("stem" if block == 0 else "head") + ("-norm" if last == "1" else "")
    stage = 1
    for count in (1, 2, 3, 4, 3, 3, 1):
        if block <= count:
            break
        block, stage = block - count, stage + 1
    name = f"stage{stage}-block{block}-"
    steps = ["depthwise"] if stage == 1 else ["expand", "depthwise"]
    at = int(parts[3])
    if at < len(steps):
        return name + steps[at] + ("-norm" if last == "1" else "")
    return name + "project" + ("-norm" if at == len(steps) + 1 else "")


def efficientnet_layer(module):
    if module == "classifier.1":
        return "output"
    parts = module.split(".")
    norm = "-norm" if parts[-1] == "1" else ""
    if len(parts) == 3:
        return ("stem" if parts[1] == "0" else "head") + norm
    stage, block, at = int(parts[1]), int(parts[2]), int(parts[4])
    name = f"stage{stage}-block{block + 1}-"
    step = (["depthwise", "excite", "project"] if stage == 1 else ["expand", "depthwise", "excite", "project"])[at]
    if step == "excite":
        return name + {"fc1": "reduce", "fc2": "gate"}[parts[5]]
    return name + step + norm


INCEPTION_STEMS = {
    "Conv2d_1a_3x3": "stem1", "Conv2d_2a_3x3": "stem2", "Conv2d_2b_3x3": "stem3", "Conv2d_3b_1x1": "stem4", "Conv2d_4a_3x3": "stem5",
}
INCEPTION_MODULES = dict(zip(["5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c"], range(1, 12)))
INCEPTION_STEPS = {
    "small": {
        "branch1x1": "1x1", "branch5x5_1": "5x5-reduce", "branch5x5_2": "5x5", "branch3x3dbl_1": "3x3-reduce",
        "branch3x3dbl_2": "3x3a", "branch3x3dbl_3": "3x3b", "branch_pool": "projection",
    },
    "reduce-small": {
        "branch3x3": "3x3", "branch3x3dbl_1": "twice-reduce", "branch3x3dbl_2": "twice-a", "branch3x3dbl_3": "twice-b",
    },
    "factorised": {
        "branch1x1": "1x1", "branch7x7_1": "once-reduce", "branch7x7_2": "once-row", "branch7x7_3": "once-column",
        "branch7x7dbl_1": "twice-reduce", "branch7x7dbl_2": "twice-column1", "branch7x7dbl_3": "twice-row1",
        "branch7x7dbl_4": "twice-column2", "branch7x7dbl_5": "twice-row2", "branch_pool": "projection",
    },
    "reduce-factorised": {
        "branch3x3_1": "3x3-reduce", "branch3x3_2": "3x3", "branch7x7x3_1": "7x7-reduce", "branch7x7x3_2": "7x7-row",
        "branch7x7x3_3": "7x7-column", "branch7x7x3_4": "7x7-3x3",
    },
    "wide": {
        "branch1x1": "1x1", "branch3x3_1": "3x3-reduce", "branch3x3_2a": "3x3-row", "branch3x3_2b": "3x3-column",
        "branch3x3dbl_1": "twice-reduce", "branch3x3dbl_2": "twice-3x3", "branch3x3dbl_3a": "twice-row",
        "branch3x3dbl_3b": "twice-column", "branch_pool": "projection",
    },
}
INCEPTION_KINDS = {
    **{i: "small" for i in (1, 2, 3)}, 4: "reduce-small", **{i: "factorised" for i in (5, 6, 7, 8)},
    9: "reduce-factorised", 10: "wide", 11: "wide",
}


def inception_layer(module):
    if module == "fc":
        return "output"
    parts = module.split(".")
    norm = "-norm" if parts[-1] == "bn" else ""
    if parts[0] in INCEPTION_STEMS:
        return INCEPTION_STEMS[parts[0]] + norm
    number = INCEPTION_MODULES[parts[0].removeprefix("Mixed_")]
    return f"mixed{number}-{INCEPTION_STEPS[INCEPTION_KINDS[number]][parts[1]]}{norm}"


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
        self.layers = nn.ModuleDict()
        self.layers["stem1"] = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.layers["stem2-reduce"] = nn.Conv2d(64, 64, 1)
        self.layers["stem2"] = nn.Conv2d(64, 192, 3, padding=1)
        for name, (inputs, one, three_in, three, five_in, five, pool) in self.MODULES.items():
            self.layers[name + "-1x1"] = nn.Conv2d(inputs, one, 1)
            self.layers[name + "-3x3-reduce"] = nn.Conv2d(inputs, three_in, 1)
            self.layers[name + "-3x3"] = nn.Conv2d(three_in, three, 3, padding=1)
            self.layers[name + "-5x5-reduce"] = nn.Conv2d(inputs, five_in, 1)
            self.layers[name + "-5x5"] = nn.Conv2d(five_in, five, 5, padding=2)
            self.layers[name + "-pool-projection"] = nn.Conv2d(inputs, pool, 1)
        self.layers["output"] = nn.Linear(1024, 1000)

    def step(self, name, x):
        return functional.relu(self.layers[name](x))

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
        return self.layers["output"](x.mean((2, 3)))


def vision(name, **options):
    return getattr(torchvision.models, name)(weights=None, **options)


def resnet(name):
    return vision(name), resnet_layer


def vgg(name):
    network = vision(name)
    return network, vgg_layer(network)


def inception_v3():
    """Without the auxiliary head, which counts in training only."""
    # The published model leaves padding out of averages; torchvision counts it.
    average = functional.avg_pool2d
    functional.avg_pool2d = lambda *arguments, **named: average(*arguments, **named, count_include_pad=False)
    return vision("inception_v3", aux_logits=False, init_weights=False), inception_layer


def efficientnet():
    network = vision("efficientnet_b0")
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 1e-3  # as published; torchvision has 1e-5 here
    return network, efficientnet_layer


# By Bellows' name: makes the network and the translation of its layers' names.
NETWORKS = {
    "resnet18": lambda: resnet("resnet18"),
    "resnet34": lambda: resnet("resnet34"),
    "resnet50": lambda: resnet("resnet50"),
    "vgg11": lambda: vgg("vgg11"),
    "vgg16": lambda: vgg("vgg16"),
    "vgg11-bn": lambda: vgg("vgg11_bn"),
    "alexnet": lambda: (vision("alexnet"), ALEXNET.__getitem__),
    "mobilenet-v2": lambda: (vision("mobilenet_v2"), mobilenet_layer),
    "efficientnet-b0": efficientnet,
    "googlenet": lambda: (GoogLeNet(), lambda module: module.removeprefix("layers.")),
    "inception-v3": inception_v3,
}
SIDES = {"inception-v3": 299}


def main(folder, names):
    torch.set_grad_enabled(False)
    for name in names or NETWORKS:
        network, layer_of = NETWORKS[name]()
        network = network.double().eval()
        fill(network, layer_of)
        side = SIDES.get(name, 224)
        picture = torch.from_numpy(2 * uniform("picture", (1, 3, side, side)) - 1)
        answer = network(picture)[0, ::25].numpy()
        with open(f"{folder}/{name}.txt", "w") as file:
            file.writelines(f"{value:.7e}\n" for value in answer)
        print(name, answer.min(), answer.max())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
