# SPDX-License-Identifier: Apache-2.0
"""Operators as TorchScript, so that Python (PyTorch 1.13) and Java (libtorch) run the very same program."""

import inspect
from typing import List

import torch
from torch import Tensor

OPERATORS = {}


def operator(*outputs):
    """Registers a function that returns one tensor per name in outputs; a list of int arrives as a tensor of int64."""

    def register(function):
        OPERATORS[function.__name__] = (torch.jit.script(function), inspect.signature(function), outputs)
        return function

    return register


@torch.jit.script
def ints(t: Tensor) -> List[int]:
    values: List[int] = []
    for i in range(t.numel()):
        values.append(int(t[i]))
    return values


@torch.jit.script
def per_tensor(x: Tensor, scale: float, zero_point: int) -> Tensor:
    return torch._make_per_tensor_quantized_tensor(x, scale, zero_point)


@torch.jit.script
def weight_tensor(weight: Tensor, scales: Tensor, zero_points: Tensor, axis: int) -> Tensor:
    if axis < 0:
        return torch._make_per_tensor_quantized_tensor(weight, float(scales[0]), int(zero_points[0]))
    return torch._make_per_channel_quantized_tensor(weight, scales, zero_points, axis)


@torch.jit.script
def quantized(y: Tensor) -> List[Tensor]:
    """What a quantized tensor is: its integers, scale and zero point."""
    return [y.int_repr(), torch.tensor(y.q_scale(), dtype=torch.float64), torch.tensor(y.q_zero_point())]
