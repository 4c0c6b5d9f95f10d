# SPDX-License-Identifier: Apache-2.0
"""Operators that move elements: resize, shuffle, pad."""

from typing import List

import torch
from torch import Tensor

from inputs import ZERO_POINTS, f32
from registry import ints, operator, per_tensor, quantized


@operator("y", "y_scale", "y_zero_point")
def upsample_nearest1d(x: Tensor, x_scale: float, x_zero_point: int, size: Tensor) -> List[Tensor]:
    return quantized(torch._C._nn.upsample_nearest1d(per_tensor(x, x_scale, x_zero_point), ints(size), None))


@operator("y", "y_scale", "y_zero_point")
def upsample_nearest2d(x: Tensor, x_scale: float, x_zero_point: int, size: Tensor) -> List[Tensor]:
    return quantized(torch._C._nn.upsample_nearest2d(per_tensor(x, x_scale, x_zero_point), ints(size), None, None))


@operator("y", "y_scale", "y_zero_point")
def upsample_nearest3d(x: Tensor, x_scale: float, x_zero_point: int, size: Tensor) -> List[Tensor]:
    return quantized(torch._C._nn.upsample_nearest3d(per_tensor(x, x_scale, x_zero_point), ints(size), None, None,
                                                     None))


@operator("y", "y_scale", "y_zero_point")
def upsample_bilinear2d(x: Tensor, x_scale: float, x_zero_point: int, size: Tensor,
                        align_corners: bool) -> List[Tensor]:
    return quantized(torch._C._nn.upsample_bilinear2d(per_tensor(x, x_scale, x_zero_point), ints(size), align_corners,
                                                      None, None))


@operator("y", "y_scale", "y_zero_point")
def channel_shuffle(x: Tensor, x_scale: float, x_zero_point: int, groups: int) -> List[Tensor]:
    return quantized(torch.channel_shuffle(per_tensor(x, x_scale, x_zero_point), groups))


@operator("y", "y_scale", "y_zero_point")
def constant_pad(x: Tensor, x_scale: float, x_zero_point: int, pad: Tensor, value: float) -> List[Tensor]:
    return quantized(torch.constant_pad_nd(per_tensor(x, x_scale, x_zero_point), ints(pad), value))


@operator("y", "y_scale", "y_zero_point")
def reflection_pad1d(x: Tensor, x_scale: float, x_zero_point: int, pad: Tensor) -> List[Tensor]:
    return quantized(torch._C._nn.reflection_pad1d(per_tensor(x, x_scale, x_zero_point), ints(pad)))


@operator("y", "y_scale", "y_zero_point")
def reflection_pad2d(x: Tensor, x_scale: float, x_zero_point: int, pad: Tensor) -> List[Tensor]:
    return quantized(torch._C._nn.reflection_pad2d(per_tensor(x, x_scale, x_zero_point), ints(pad)))


def cases(golden):
    images = [((1, 3, 4, 5), [8, 10]), ((2, 5, 7, 6), [3, 4]), ((1, 33, 3, 4), [5, 7]), ((1, 64, 2, 3), [4, 6]),
              ((1, 2, 5, 5), [5, 5]), ((1, 1, 1, 1), [3, 2])]
    for index, (shape, size) in enumerate(images):
        add(golden, "upsample_nearest2d", index, shape, size=size)
        for align_corners in (False, True):
            add(golden, "upsample_bilinear2d", index, shape, size=size, align_corners=align_corners)
    for index, (shape, size) in enumerate([((1, 3, 5), [11]), ((2, 19, 7), [4])]):
        add(golden, "upsample_nearest1d", index, shape, size=size)
    for index, (shape, size) in enumerate([((1, 3, 2, 3, 4), [4, 5, 8]), ((1, 17, 3, 2, 2), [2, 4, 3])]):
        add(golden, "upsample_nearest3d", index, shape, size=size)
    for index, (shape, groups) in enumerate([((1, 6, 3, 4), 2), ((2, 12, 3, 3), 3), ((1, 66, 2, 2), 2),
                                             ((1, 9, 4, 5), 3),
                                             ((1, 8, 3, 3), 8), ((1, 20, 3, 3), 4)]):
        add(golden, "channel_shuffle", index, shape, groups=groups)
    for index, (shape, pad) in enumerate([((1, 3, 4, 5), [1, 2, 3, 0]), ((2, 7), [0, 3]),
                                          ((1, 2, 3, 3), [1, 1, 0, 0, 1, 0]),
                                          ((1, 2, 5, 5), [-1, 2, 1, -1])]):
        for value in (0.0, f32(1.37), -1000.0):
            add(golden, "constant_pad", index, shape, pad=pad, value=value)
    add(golden, "reflection_pad1d", 0, (2, 3, 7), pad=[2, 3])
    add(golden, "reflection_pad2d", 0, (1, 3, 5, 4), pad=[2, 1, 3, 0])
    add(golden, "reflection_pad2d", 1, (2, 9, 3, 3), pad=[1, 1, 1, 1])


def add(golden, operator_name, index, shape, **parameters):
    name = f"{index}_{'x'.join(map(str, shape))}"
    name += "_aligned" if parameters.get("align_corners") else ""
    name += f"_v{parameters['value']:g}" if "value" in parameters else ""
    inputs = golden.inputs(operator_name, name)
    golden.add(operator_name, name, x=inputs.u8(*shape), x_scale=inputs.scale(), x_zero_point=ZERO_POINTS[index % 5],
               **parameters)
