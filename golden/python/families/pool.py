# SPDX-License-Identifier: Apache-2.0
from typing import List

import torch
from torch import Tensor

from inputs import ZERO_POINTS
from registry import ints, operator, per_tensor, quantized


@operator("y", "y_scale", "y_zero_point")
def max_pool1d(x: Tensor, x_scale: float, x_zero_point: int, kernel: Tensor, stride: Tensor, padding: Tensor,
               dilation: Tensor, ceil_mode: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return quantized(torch.ops.quantized.max_pool1d(qx, ints(kernel), ints(stride), ints(padding), ints(dilation),
                                                    ceil_mode))


@operator("y", "y_scale", "y_zero_point")
def max_pool2d(x: Tensor, x_scale: float, x_zero_point: int, kernel: Tensor, stride: Tensor, padding: Tensor,
               dilation: Tensor, ceil_mode: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return quantized(torch.ops.quantized.max_pool2d(qx, ints(kernel), ints(stride), ints(padding), ints(dilation),
                                                    ceil_mode))


@operator("y", "y_scale", "y_zero_point")
def avg_pool2d(x: Tensor, x_scale: float, x_zero_point: int, kernel: Tensor, stride: Tensor, padding: Tensor,
               ceil_mode: bool, count_include_pad: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return quantized(torch._C._nn.avg_pool2d(qx, ints(kernel), ints(stride), ints(padding), ceil_mode,
                                             count_include_pad, None))


@operator("y", "y_scale", "y_zero_point")
def avg_pool3d(x: Tensor, x_scale: float, x_zero_point: int, kernel: Tensor, stride: Tensor, padding: Tensor,
               ceil_mode: bool, count_include_pad: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return quantized(torch._C._nn.avg_pool3d(qx, ints(kernel), ints(stride), ints(padding), ceil_mode,
                                             count_include_pad, None))


@operator("y", "y_scale", "y_zero_point")
def adaptive_avg_pool2d(x: Tensor, x_scale: float, x_zero_point: int, size: Tensor) -> List[Tensor]:
    return quantized(torch._C._nn.adaptive_avg_pool2d(per_tensor(x, x_scale, x_zero_point), ints(size)))


@operator("y", "y_scale", "y_zero_point")
def adaptive_avg_pool3d(x: Tensor, x_scale: float, x_zero_point: int, size: Tensor) -> List[Tensor]:
    return quantized(torch._C._nn.adaptive_avg_pool3d(per_tensor(x, x_scale, x_zero_point), ints(size)))


@operator("y", "y_scale", "y_zero_point")
def mean(x: Tensor, x_scale: float, x_zero_point: int, dim: Tensor, keepdim: bool) -> List[Tensor]:
    return quantized(torch.mean(per_tensor(x, x_scale, x_zero_point), ints(dim), keepdim))


MAX1D = [((1, 5, 19), [3], [2], [1], [1]), ((2, 33, 9), [2], [2], [0], [1]), ((1, 3, 17), [3], [1], [0], [2])]
MAX2D = [((1, 5, 9, 8), [3, 3], [2, 2], [1, 1], [1, 1]), ((2, 67, 6, 6), [2, 2], [2, 2], [0, 0], [1, 1]),
         ((1, 16, 7, 9), [3, 2], [1, 2], [1, 0], [1, 1]), ((1, 3, 9, 9), [2, 3], [1, 1], [0, 1], [2, 2]),
         ((1, 19, 8, 8), [5, 5], [3, 3], [2, 2], [1, 1]), ((1, 2, 4, 4), [1, 1], [2, 2], [0, 0], [1, 1])]
AVERAGE2D = [((1, 5, 9, 8), [3, 3], [2, 2], [1, 1]), ((2, 67, 6, 6), [2, 2], [2, 2], [0, 0]),
             ((1, 16, 7, 9), [3, 2], [1, 2], [1, 0]), ((1, 8, 5, 5), [5, 5], [1, 1], [0, 0]),
             ((1, 3, 7, 7), [7, 7], [1, 1], [0, 0]), ((1, 9, 8, 8), [4, 4], [3, 3], [2, 2])]
AVERAGE3D = [((1, 5, 5, 6, 4), [3, 3, 3], [2, 2, 2], [1, 1, 1]), ((2, 17, 4, 4, 4), [2, 2, 2], [2, 2, 2], [0, 0, 0]),
             ((1, 3, 3, 5, 4), [3, 2, 1], [1, 2, 1], [1, 0, 0])]


def cases(golden):
    for operator_name, shapes in (("max_pool1d", MAX1D), ("max_pool2d", MAX2D)):
        for index, (shape, kernel, stride, padding, dilation) in enumerate(shapes):
            for ceil_mode in (False, True):
                add(golden, operator_name, f"{index}_c{shape[1]}{'_ceil' if ceil_mode else ''}", shape, index,
                    kernel=kernel,
                    stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)
    for operator_name, shapes in (("avg_pool2d", AVERAGE2D), ("avg_pool3d", AVERAGE3D)):
        for index, (shape, kernel, stride, padding) in enumerate(shapes):
            for ceil_mode in (False, True):
                for include in (False, True):
                    name = f"{index}_c{shape[1]}{'_ceil' if ceil_mode else ''}{'_pad' if include else ''}"
                    add(golden, operator_name, name, shape, index + include, kernel=kernel, stride=stride,
                        padding=padding,
                        ceil_mode=ceil_mode, count_include_pad=include)
    for index, (shape, size) in enumerate([((1, 5, 7, 6), [1, 1]), ((2, 67, 8, 8), [1, 1]), ((1, 16, 7, 9), [3, 4]),
                                           ((1, 9, 5, 5), [7, 3]), ((1, 33, 4, 4), [2, 2])]):
        add(golden, "adaptive_avg_pool2d", f"{index}_c{shape[1]}", shape, index, size=size)
    for index, (shape, size) in enumerate([((1, 5, 3, 4, 5), [1, 1, 1]), ((2, 17, 4, 4, 3), [2, 3, 2])]):
        add(golden, "adaptive_avg_pool3d", f"{index}_c{shape[1]}", shape, index, size=size)
    for index, (shape, dim) in enumerate([((1, 5, 7, 6), [2, 3]), ((2, 67, 8, 8), [2, 3]), ((1, 16, 4, 4), [2, 3]),
                                          ((3, 33), [1]), ((2, 3, 19), [1]), ((2, 3, 19), [0, 2]), ((4, 128), [1])]):
        for keepdim in (False, True):
            add(golden, "mean", f"{index}_{'x'.join(map(str, shape))}{'_keep' if keepdim else ''}", shape,
                index + keepdim, dim=dim, keepdim=keepdim)


def add(golden, operator_name, name, shape, index, **parameters):
    inputs = golden.inputs(operator_name, name)
    golden.add(operator_name, name, x=inputs.u8(*shape), x_scale=inputs.scale(), x_zero_point=ZERO_POINTS[index % 5],
               **parameters)
