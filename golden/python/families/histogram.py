# SPDX-License-Identifier: Apache-2.0
"""The histogram observer, with PyTorch 1.13's bounds and with exact ones; on every engine the same Python."""

import builtins

import torch
import torch.ao.quantization.observer as observer

from families.observer import observe


def keep_bounds(value):
    """PyTorch 1.13 truncates a histogram's bounds to integers; later releases and jquant do not."""
    return value.item() if isinstance(value, torch.Tensor) else builtins.int(value)


def cases(golden):
    for data in DATA:
        for type_name, scheme, reduce_range in (("u8", "per_tensor_affine", False), ("u8", "per_tensor_affine", True),
                                                ("s8", "per_tensor_symmetric", False)):
            for bounds in ("exact", "truncated"):
                observer.int = keep_bounds if bounds == "exact" else builtins.int
                observe(golden, "HistogramObserver", data, dict(
                    type=type_name, scheme=scheme, reduce_range=reduce_range, bins=2048, upsample_rate=128,
                    bounds=bounds), DATA)


def integral(inputs, spread, count=420):
    """Its smallest and largest values are integers, whose truncation changes nothing."""
    x = (inputs.normal(count) * spread / 4).clamp(-spread, spread)
    x[0], x[1] = -spread, spread
    return x.reshape(7, -1)


DATA = {
    "integral": lambda inputs: [integral(inputs, 4.0), integral(inputs, 4.0), integral(inputs, 2.0)],
    "nested": lambda inputs: [integral(inputs, 2.0), integral(inputs, 4.0), integral(inputs, 8.0)],
    "normal": lambda inputs: [inputs.normal(4, 60) for _ in range(3)],
    "growing": lambda inputs: [inputs.normal(4, 60, spread=s) for s in (1.0, 2.3, 0.4, 5.1)],
    "positive": lambda inputs: [inputs.uniform(4, 60, low=0.5, high=3.7) for _ in range(2)],
    "outlier": lambda inputs: [torch.cat([inputs.normal(399), torch.tensor([60.0])]), inputs.normal(400)],
    "cubed": lambda inputs: [inputs.normal(500) ** 3, inputs.normal(500) ** 3],
    "single": lambda inputs: [torch.tensor([[0.731]]), torch.tensor([[0.731]])],
}
