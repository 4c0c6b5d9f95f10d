# SPDX-License-Identifier: Apache-2.0
from typing import List

import torch
from torch import Tensor

from inputs import f32
from registry import operator


@operator("y", "mask", "dx")
def fake_quantize_per_tensor(x: Tensor, dy: Tensor, scale: float, zero_point: int, quant_min: int,
                             quant_max: int) -> List[Tensor]:
    y, mask = torch.ops.aten.fake_quantize_per_tensor_affine_cachemask(x, scale, zero_point, quant_min, quant_max)
    return [y, mask, torch.ops.aten.fake_quantize_per_tensor_affine_cachemask_backward(dy, mask)]


@operator("y", "mask", "dx")
def fake_quantize_per_channel(x: Tensor, dy: Tensor, scales: Tensor, zero_points: Tensor, axis: int, quant_min: int,
                              quant_max: int) -> List[Tensor]:
    y, mask = torch.ops.aten.fake_quantize_per_channel_affine_cachemask(x, scales, zero_points, axis, quant_min,
                                                                        quant_max)
    return [y, mask, torch.ops.aten.fake_quantize_per_channel_affine_cachemask_backward(dy, mask)]


@operator("y", "dx", "dscale", "dzero_point")
def fake_quantize_learnable_per_tensor(x: Tensor, dy: Tensor, scale: Tensor, zero_point: Tensor, quant_min: int,
                                       quant_max: int, grad_factor: float) -> List[Tensor]:
    y = torch.ops.aten._fake_quantize_learnable_per_tensor_affine(x, scale, zero_point, quant_min, quant_max,
                                                                  grad_factor)
    dx, dscale, dzero_point = torch.ops.aten._fake_quantize_learnable_per_tensor_affine_backward(
        dy, x, scale, zero_point, quant_min, quant_max, grad_factor)
    return [y, dx, dscale, dzero_point]


@operator("y", "dx", "dscale", "dzero_point")
def fake_quantize_learnable_per_channel(x: Tensor, dy: Tensor, scale: Tensor, zero_point: Tensor, axis: int,
                                        quant_min: int, quant_max: int, grad_factor: float) -> List[Tensor]:
    y = torch.ops.aten._fake_quantize_learnable_per_channel_affine(x, scale, zero_point, axis, quant_min, quant_max,
                                                          grad_factor)
    dx, dscale, dzero_point = torch.ops.aten._fake_quantize_learnable_per_channel_affine_backward(
        dy, x, scale, zero_point, axis, quant_min, quant_max, grad_factor)
    return [y, dx, dscale, dzero_point]


@operator("y", "mask", "running_min", "running_max", "scale", "zero_point")
def fused_moving_avg_obs_fake_quant(batch0: Tensor, batch1: Tensor, batch2: Tensor, running_min: Tensor,
                                    running_max: Tensor, scale: Tensor, zero_point: Tensor, averaging_constant: float,
                                    quant_min: int, quant_max: int, axis: int, per_channel: bool,
                                    symmetric: bool) -> List[Tensor]:
    """Three batches in turn, on one state; y and mask are the last batch's."""
    on = torch.ones([1], dtype=torch.int64)
    torch.ops.aten._fused_moving_avg_obs_fq_helper(batch0, on, on, running_min, running_max, scale, zero_point,
                                          averaging_constant, quant_min, quant_max, axis, per_channel, symmetric)
    torch.ops.aten._fused_moving_avg_obs_fq_helper(batch1, on, on, running_min, running_max, scale, zero_point,
                                          averaging_constant, quant_min, quant_max, axis, per_channel, symmetric)
    y, mask = torch.ops.aten._fused_moving_avg_obs_fq_helper(
        batch2, on, on, running_min, running_max, scale, zero_point, averaging_constant, quant_min, quant_max, axis,
        per_channel, symmetric)
    return [y, mask, running_min, running_max, scale, zero_point]


RANGES = [(0, 255), (0, 127), (-128, 127), (-64, 63), (-127, 127)]


def cases(golden):
    for quant_min, quant_max in RANGES:
        middle = (quant_min + quant_max + 1) // 2
        for zero_point in sorted({quant_min, middle, middle + 3, quant_max}):
            for scale in (2.0 ** -4, f32(0.0371)):
                tensor(golden, quant_min, quant_max, zero_point, scale)
        for shape, axis in (((5, 7), 0), ((3, 4, 5), 1), ((2, 67), 1), ((4, 3, 3, 3), 0)):
            channel(golden, quant_min, quant_max, shape, axis)
        for per_channel in (False, True):
            for symmetric in (False, True):
                for constant in (f32(0.01), 0.5):
                    fused(golden, quant_min, quant_max, per_channel, symmetric, constant)


def tensor(golden, quant_min, quant_max, zero_point, scale):
    name = f"{quant_min}_{quant_max}_zp{zero_point}_s{scale:.3g}"
    inputs = golden.inputs("fake_quantize", name)
    spread = (quant_max - quant_min) * scale
    special = torch.tensor([0.0, float("inf"), float("-inf"), 1e30, -1e30])
    halves = (torch.arange(quant_min - 4, quant_max + 4, 7) - zero_point + 0.5) * scale
    x = torch.cat([inputs.uniform(67, low=-spread, high=spread), halves, special])
    dy = inputs.normal(x.numel())
    golden.add("fake_quantize_per_tensor", name, x=x, dy=dy, scale=scale, zero_point=zero_point, quant_min=quant_min,
               quant_max=quant_max)
    for index, grad_factor in enumerate((1.0, f32(0.05))):
        golden.add("fake_quantize_learnable_per_tensor", f"{name}_g{index}", x=x[:-5], dy=dy[:-5],
                   scale=torch.tensor([scale]), zero_point=torch.tensor([zero_point + 0.3 * index]),
                   quant_min=quant_min, quant_max=quant_max, grad_factor=grad_factor)


def channel(golden, quant_min, quant_max, shape, axis):
    name = f"{quant_min}_{quant_max}_{'x'.join(map(str, shape))}_axis{axis}"
    inputs = golden.inputs("fake_quantize_per_channel", name)
    x, dy, count = inputs.normal(*shape, spread=2.0), inputs.normal(*shape), shape[axis]
    scales = inputs.uniform(count, low=0.005, high=0.05)
    zero_points = inputs.integers(quant_min, quant_max, (count,), torch.int32)
    golden.add("fake_quantize_per_channel", name, x=x, dy=dy, scales=scales, zero_points=zero_points, axis=axis,
               quant_min=quant_min, quant_max=quant_max)
    golden.add("fake_quantize_learnable_per_channel", name, x=x, dy=dy, scale=scales,
               zero_point=zero_points.to(torch.float32), axis=axis, quant_min=quant_min, quant_max=quant_max,
               grad_factor=0.5)


def fused(golden, quant_min, quant_max, per_channel, symmetric, constant):
    name = f"{quant_min}_{quant_max}{'_channel' if per_channel else ''}{'_symmetric' if symmetric else ''}"
    name += f"_c{constant:.2g}"
    inputs = golden.inputs("fused_moving_avg_obs_fake_quant", name)
    count = 5 if per_channel else 1
    golden.add("fused_moving_avg_obs_fake_quant", name, batch0=inputs.normal(5, 7),
               batch1=inputs.normal(5, 7, spread=2.0),
               batch2=inputs.normal(5, 7, spread=1.5) + 0.5, running_min=torch.full((count,), float("inf")),
               running_max=torch.full((count,), float("-inf")), scale=torch.ones(count),
               zero_point=torch.zeros(count, dtype=torch.int32), averaging_constant=constant, quant_min=quant_min,
               quant_max=quant_max, axis=0, per_channel=per_channel, symmetric=symmetric)
