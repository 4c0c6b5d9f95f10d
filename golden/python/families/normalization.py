# SPDX-License-Identifier: Apache-2.0
from typing import List, Optional

import torch
from torch import Tensor

from inputs import f32
from registry import ints, operator, per_tensor


@operator("y")
def layer_norm(x: Tensor, x_scale: float, x_zero_point: int, normalized_shape: Tensor, weight: Optional[Tensor],
               bias: Optional[Tensor], eps: float, y_scale: float, y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return [torch.ops.quantized.layer_norm(qx, ints(normalized_shape), weight, bias, eps, y_scale,
                                           y_zero_point).int_repr()]


@operator("y")
def group_norm(x: Tensor, x_scale: float, x_zero_point: int, groups: int, weight: Optional[Tensor],
               bias: Optional[Tensor], eps: float, y_scale: float, y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return [torch.ops.quantized.group_norm(qx, groups, weight, bias, eps, y_scale, y_zero_point).int_repr()]


@operator("y")
def instance_norm(x: Tensor, x_scale: float, x_zero_point: int, weight: Optional[Tensor], bias: Optional[Tensor],
                  eps: float, y_scale: float, y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return [torch.ops.quantized.instance_norm(qx, weight, bias, eps, y_scale, y_zero_point).int_repr()]


@operator("y")
def batch_norm2d(x: Tensor, x_scale: float, x_zero_point: int, weight: Optional[Tensor], bias: Optional[Tensor],
                 mean: Tensor, variance: Tensor, eps: float, y_scale: float, y_zero_point: int,
                 relu: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    if relu:
        return [torch.ops.quantized.batch_norm2d_relu(qx, weight, bias, mean, variance, eps, y_scale,
                                                      y_zero_point).int_repr()]
    return [torch.ops.quantized.batch_norm2d(qx, weight, bias, mean, variance, eps, y_scale, y_zero_point).int_repr()]


def cases(golden):
    for affine in (False, True):
        for shape, kept in (((3, 67), 1), ((2, 5, 9), 1), ((2, 3, 4, 5), 2), ((4, 128), 1), ((5, 8), 1)):
            normalize(golden, "layer_norm", shape, affine, shape[-kept:], normalized_shape=list(shape[-kept:]))
        for shape, groups in (((2, 6, 5, 3), 3), ((1, 8, 7), 2), ((1, 32, 3, 3), 1), ((3, 5, 4, 4), 5)):
            normalize(golden, "group_norm", shape, affine, (shape[1],), groups=groups)
        for shape in ((2, 6, 5, 3), (1, 5, 17), (1, 3, 3, 4, 5)):
            normalize(golden, "instance_norm", shape, affine, (shape[1],))
    for relu in (False, True):
        for shape in ((2, 5, 4, 3), (1, 67, 3, 3)):
            normalize(golden, "batch_norm2d", shape, True, (shape[1],), relu=relu)


def normalize(golden, operator_name, shape, affine, affine_shape, **parameters):
    name = f"{'x'.join(map(str, shape))}{'_affine' if affine else ''}{'_relu' if parameters.get('relu') else ''}"
    inputs = golden.inputs(operator_name, name)
    if operator_name == "batch_norm2d":
        parameters["mean"] = inputs.normal(*affine_shape)
        parameters["variance"] = inputs.uniform(*affine_shape, low=0.5, high=3.0)
    golden.add(operator_name, name, x=inputs.u8(*shape), x_scale=inputs.scale(), x_zero_point=inputs.zero_point(),
               weight=inputs.uniform(*affine_shape, low=0.5, high=1.5) if affine else None,
               bias=inputs.normal(*affine_shape) if affine else None, eps=f32(1e-5), y_scale=f32(0.0171),
               y_zero_point=(inputs.zero_point() + 3) % 256, **parameters)
