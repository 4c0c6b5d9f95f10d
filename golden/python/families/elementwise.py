# SPDX-License-Identifier: Apache-2.0
from typing import List, Optional

import torch
from torch import Tensor

from inputs import ZERO_POINTS, f32
from registry import operator, per_tensor, quantized


@operator("y")
def add(a: Tensor, a_scale: float, a_zero_point: int, b: Tensor, b_scale: float, b_zero_point: int, y_scale: float,
        y_zero_point: int, relu: bool) -> List[Tensor]:
    qa, qb = per_tensor(a, a_scale, a_zero_point), per_tensor(b, b_scale, b_zero_point)
    if relu:
        return [torch.ops.quantized.add_relu(qa, qb, y_scale, y_zero_point).int_repr()]
    return [torch.ops.quantized.add(qa, qb, y_scale, y_zero_point).int_repr()]


@operator("y")
def mul(a: Tensor, a_scale: float, a_zero_point: int, b: Tensor, b_scale: float, b_zero_point: int, y_scale: float,
        y_zero_point: int, relu: bool) -> List[Tensor]:
    qa, qb = per_tensor(a, a_scale, a_zero_point), per_tensor(b, b_scale, b_zero_point)
    if relu:
        return [torch.ops.quantized.mul_relu(qa, qb, y_scale, y_zero_point).int_repr()]
    return [torch.ops.quantized.mul(qa, qb, y_scale, y_zero_point).int_repr()]


@operator("y", "y_scale", "y_zero_point")
def add_scalar(x: Tensor, x_scale: float, x_zero_point: int, c: float, relu: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    if relu:
        return quantized(torch.ops.quantized.add_scalar_relu(qx, c))
    return quantized(torch.ops.quantized.add_scalar(qx, c))


@operator("y", "y_scale", "y_zero_point")
def mul_scalar(x: Tensor, x_scale: float, x_zero_point: int, c: float, relu: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    if relu:
        return quantized(torch.ops.quantized.mul_scalar_relu(qx, c))
    return quantized(torch.ops.quantized.mul_scalar(qx, c))


@operator("y")
def matmul(a: Tensor, a_scale: float, a_zero_point: int, b: Tensor, b_scale: float, b_zero_point: int, y_scale: float,
           y_zero_point: int) -> List[Tensor]:
    qa, qb = per_tensor(a, a_scale, a_zero_point), per_tensor(b, b_scale, b_zero_point)
    return [torch.ops.quantized.matmul(qa, qb, y_scale, y_zero_point).int_repr()]


@operator("y")
def cat(a: Tensor, a_scale: float, a_zero_point: int, b: Tensor, b_scale: float, b_zero_point: int,
        c: Optional[Tensor], c_scale: float, c_zero_point: int, dim: int, y_scale: float, y_zero_point: int,
        relu: bool) -> List[Tensor]:
    parts = [per_tensor(a, a_scale, a_zero_point), per_tensor(b, b_scale, b_zero_point)]
    if c is not None:
        parts.append(per_tensor(c, c_scale, c_zero_point))
    if relu:
        return [torch.ops.quantized.cat_relu(parts, dim, y_scale, y_zero_point).int_repr()]
    return [torch.ops.quantized.cat(parts, dim, y_scale, y_zero_point).int_repr()]


def cases(golden):
    for length in (1, 7, 16, 33, 67, 128):
        for relu in (False, True):
            binary(golden, "add", f"n{length}{'_relu' if relu else ''}", (length,), (length,), relu)
            binary(golden, "mul", f"n{length}{'_relu' if relu else ''}", (length,), (length,), relu)
    every_pair(golden)
    for name, a, b in (("row", (2, 3, 5), (5,)), ("column", (4, 7), (4, 1)), ("both", (3, 1, 6), (1, 5, 6)),
                       ("one", (2, 9), (1,)), ("nchw", (1, 5, 4, 3), (1, 5, 4, 3)),
                       ("channel", (1, 5, 4, 3), (1, 5, 1, 1))):
        binary(golden, "add", "broadcast_" + name, a, b, False)
        binary(golden, "mul", "broadcast_" + name, a, b, False)
    for zero_point in ZERO_POINTS:
        ties(golden, zero_point)
        scalars(golden, zero_point)
        products(golden, zero_point)
        concatenations(golden, zero_point)


def binary(golden, name, case, a_shape, b_shape, relu):
    inputs = golden.inputs(name, case)
    a_scale, b_scale = inputs.scale(), inputs.scale()
    room = (a_scale + b_scale) if name == "add" else a_scale * b_scale * 128
    golden.add(name, case, a=inputs.u8(*a_shape), a_scale=a_scale, a_zero_point=inputs.zero_point(),
               b=inputs.u8(*b_shape), b_scale=b_scale, b_zero_point=inputs.zero_point(), y_scale=f32(room * 0.8),
               y_zero_point=inputs.zero_point(), relu=relu)


def every_pair(golden):
    """All 65536 pairs for one set of parameters each."""
    a = torch.arange(256, dtype=torch.uint8).repeat_interleave(256)
    b = torch.arange(256, dtype=torch.uint8).repeat(256)
    for name, y_scale in (("add", f32(0.0771)), ("mul", f32(0.211))):
        golden.add(name, "every_pair", a=a, a_scale=f32(0.0517), a_zero_point=121, b=b, b_scale=f32(0.0313),
                   b_zero_point=3, y_scale=y_scale, y_zero_point=99, relu=False)


def ties(golden, zero_point):
    inputs = golden.inputs("add", f"ties_zp{zero_point}")
    for name, y_scale in (("add", 2.0 ** -3), ("mul", 2.0 ** -2)):
        golden.add(name, f"ties_zp{zero_point}", a=inputs.u8(163), a_scale=2.0 ** -4, a_zero_point=128,
                   b=inputs.u8(163), b_scale=2.0 ** -4, b_zero_point=127, y_scale=y_scale, y_zero_point=zero_point,
                   relu=False)


def scalars(golden, zero_point):
    inputs = golden.inputs("add_scalar", f"zp{zero_point}")
    for c in (0.0, 0.37, -1.9, 40.0, -40.0):
        for relu in (False, True):
            for name in ("add_scalar", "mul_scalar"):
                golden.add(name, f"zp{zero_point}_c{c}{'_relu' if relu else ''}", x=inputs.u8(67), x_scale=f32(0.0413),
                           x_zero_point=zero_point, c=f32(c), relu=relu)


def products(golden, zero_point):
    for name, a_shape, b_shape in (("2d", (5, 17), (17, 9)), ("3d", (3, 4, 7), (3, 7, 5)),
                                   ("4d", (2, 2, 3, 33), (2, 2, 33, 4))):
        case = f"{name}_zp{zero_point}"
        inputs = golden.inputs("matmul", case)
        golden.add("matmul", case, a=inputs.u8(*a_shape), a_scale=inputs.scale(), a_zero_point=zero_point,
                   b=inputs.u8(*b_shape), b_scale=inputs.scale(), b_zero_point=inputs.zero_point(),
                   y_scale=f32(1.7), y_zero_point=inputs.zero_point())


def concatenations(golden, zero_point):
    for name, shapes, dim in (("c4", ((2, 3, 4, 5), (2, 4, 4, 5), (2, 1, 4, 5)), 1),
                              ("last", ((3, 67), (3, 5), None), 1),
                              ("first", ((1, 33), (4, 33), None), 0)):
        for relu in (False, True):
            case = f"{name}{'_relu' if relu else ''}_zp{zero_point}"
            inputs = golden.inputs("cat", case)
            golden.add("cat", case, a=inputs.u8(*shapes[0]), a_scale=inputs.scale(), a_zero_point=inputs.zero_point(),
                       b=inputs.u8(*shapes[1]), b_scale=inputs.scale(), b_zero_point=inputs.zero_point(),
                       c=inputs.u8(*shapes[2]) if shapes[2] else None, c_scale=inputs.scale(),
                       c_zero_point=inputs.zero_point(), dim=dim, y_scale=inputs.scale(), y_zero_point=zero_point,
                       relu=relu)
