# SPDX-License-Identifier: Apache-2.0
# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
"""The numbers of org.bellows.worker.engine.onednn.OperatorFixturesTest, by PyTorch.

    apt-get install python3-torch     (1.13 when this was last run)
    python3 operator_reference.py
"""

import torch
import torch.nn.functional as functional

SMALL = torch.tensor([1.0, -2, 0.5, 3, 4, -1]).reshape(1, 1, 2, 3)
KERNEL = torch.tensor([1.0, 2, -1, 0.5, 3, 0, -2, 1, 4]).reshape(1, 1, 3, 3)
FILTERS = torch.tensor([1.0, 2, 3, 4, -1, 0, 2, 1, 0.5, 1, 1.5, -2, 2, 0, 0, 1]).reshape(2, 2, 2, 2)
TIES = torch.tensor(
    [[1, 1, 2, 0, 3], [1, 1, 0, 2, 3], [5, 4, 5, 5, -1], [6, 7, 5, 5, -2], [0, 0, 9, 9, -3.0]]
).reshape(1, 1, 5, 5)


def squares(height, width):
    return torch.arange(float(height * width)).reshape(1, 1, height, width) ** 2


def show(name, array):
    print(name, list(array.shape), ", ".join(f"{value:.7g}" for value in array.flatten().tolist()))


def main():
    pair = torch.cat([SMALL, SMALL * 2 - 1], 1)
    bias = torch.tensor([0.25, -1])
    show("transposed, padded", functional.conv_transpose2d(SMALL, KERNEL, stride=2, padding=1))
    show("transposed", functional.conv_transpose2d(pair, FILTERS, bias=bias, stride=2))
    show("transposed depthwise", functional.conv_transpose2d(pair, FILTERS[:, :1], stride=2, groups=2))
    show("dilated", functional.conv2d(squares(5, 5), KERNEL, dilation=2, padding=1))
    for mode, aligned in (("bilinear", False), ("bilinear", True), ("nearest", None)):
        name = f"{mode} {aligned}"
        show(name, functional.interpolate(SMALL, size=(5, 4), mode=mode, align_corners=aligned))
        down = functional.interpolate(squares(4, 5), size=(3, 2), mode=mode, align_corners=aligned)
        show(name + " down", down)
    show("bins", functional.adaptive_avg_pool2d(squares(5, 7), 3))
    for up in (True, False):
        pooled, places = functional.max_pool2d(TIES, 2, 2, ceil_mode=up, return_indices=True)
        show("unpooled", functional.max_unpool2d(pooled, places, 2, 2, output_size=(5, 5)))


main()
