# SPDX-License-Identifier: Apache-2.0
"""Random inputs; one generator per case, seeded from the case's name, so that adding a case changes no other."""

import zlib

import numpy
import torch

ZERO_POINTS = [0, 1, 127, 128, 255]


def f32(value):
    """Every scale of a case is a binary32 value: PyTorch keeps scales as doubles, FBGEMM and jquant as floats."""
    return float(numpy.float32(value))


class Inputs:
    def __init__(self, seed, name):
        self.generator = torch.Generator().manual_seed(seed * 1000003 + zlib.crc32(name.encode()))

    def integers(self, low, high, shape, dtype):
        return torch.randint(low, high + 1, tuple(shape), generator=self.generator, dtype=dtype)

    def u8(self, *shape, low=0, high=255):
        return self.integers(low, high, shape, torch.uint8)

    def s8(self, *shape, low=-128, high=127):
        return self.integers(low, high, shape, torch.int8)

    def normal(self, *shape, spread=1.0):
        return torch.randn(shape, generator=self.generator) * spread

    def uniform(self, *shape, low=0.0, high=1.0):
        return torch.rand(shape, generator=self.generator) * (high - low) + low

    def scale(self, low=0.005, high=0.1):
        return f32(self.uniform(1, low=low, high=high).item())

    def scales(self, count, low=0.002, high=0.02):
        return self.uniform(count, low=low, high=high).to(torch.float64)

    def zero_point(self):
        return ZERO_POINTS[self.integers(0, 4, (1,), torch.int64).item()]


def output_scale(real, zero_point, saturate=1.1):
    """A scale that spreads the real results over all of 0..255, a few of them beyond."""
    below = max(-real.min().item(), 0.0) / max(zero_point, 1)
    above = max(real.max().item(), 0.0) / max(255 - zero_point, 1)
    candidates = [v for v, room in ((below, zero_point), (above, 255 - zero_point)) if room > 60]
    return f32(max(max(candidates, default=0.0) / saturate, 1e-4))


def real_weight(weight, scales, zero_points, axis):
    shape = [1] * weight.dim()
    if axis >= 0:
        shape[axis] = -1
    return (weight.double() - zero_points.double().reshape(shape)) * scales.reshape(shape)
