# SPDX-License-Identifier: Apache-2.0
# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes PyTorch's operators that DJL has no calls for, as the TorchScript module of TorchOperators.

    apt-get install python3-torch     (1.13 when this was last run)
    python3 torch_operators.py ../resources/org/bellows/benchmark/step/operators.pt
"""

import sys
from typing import List, Optional, Tuple

import torch
import torch.nn.functional as functional
from torch import Tensor


class Operators(torch.nn.Module):
    """One method: DJL records gradients in no other. What the numbers are stands in TorchOperators."""

    def forward(self, x: Tensor, second: Tensor, third: Tensor, numbers: Tensor) -> Tuple[Tensor, Tensor]:
        n: List[int] = numbers.tolist()
        if n[0] == 0:
            bias: Optional[Tensor] = third if third.numel() > 0 else None
            up = functional.conv_transpose2d(
                x, second, bias, [n[1], n[1]], [n[2], n[3]], [0, 0], n[4]
            )
            return up, numbers
        if n[0] == 1:
            return torch._C._nn.max_pool2d_with_indices(
                x, [n[1], n[2]], [n[3], n[3]], [n[4], n[5]], [1, 1], n[6] == 1
            )
        if n[0] == 3:
            aligned = functional.interpolate(x, [n[1], n[2]], mode="bilinear", align_corners=True)
            return aligned, numbers
        if n[0] == 4:
            normed = functional.local_response_norm(
                x, n[1], float(second[0]), float(second[1]), float(second[2])
            )
            return normed, numbers
        if n[0] == 5:
            return x.to(torch.bfloat16), numbers
        if n[0] == 6:
            return x.to(torch.float32), numbers
        if n[0] == 7:
            return functional.relu6(x), numbers
        return torch._C._nn.max_unpool2d(x, second, [n[1], n[2]]), numbers


torch.jit.script(Operators()).save(sys.argv[1])
