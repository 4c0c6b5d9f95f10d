# SPDX-License-Identifier: Apache-2.0
"""Observers are Python on every engine, so they have one file, engine none."""

import torch
import torch.ao.quantization.observer as observer

from inputs import f32

TYPES = {"u8": torch.quint8, "s8": torch.qint8}
SCHEMES = {"per_tensor_affine": torch.per_tensor_affine, "per_tensor_symmetric": torch.per_tensor_symmetric,
           "per_channel_affine": torch.per_channel_affine, "per_channel_symmetric": torch.per_channel_symmetric,
           "per_channel_affine_float_qparams": torch.per_channel_affine_float_qparams}
EPS = f32(torch.finfo(torch.float32).eps)


def cases(golden):
    for type_name in TYPES:
        for reduce_range in (False, True):
            for scheme in ("per_tensor_affine", "per_tensor_symmetric"):
                for data in DATA:
                    common = dict(type=type_name, scheme=scheme, reduce_range=reduce_range)
                    observe(golden, "MinMaxObserver", data, common)
                    observe(golden, "MovingAverageMinMaxObserver", data, {**common, "averaging_constant": f32(0.01)})
                    observe(golden, "MovingAverageMinMaxObserver", data, {**common, "averaging_constant": 0.5})
            for scheme in ("per_channel_affine", "per_channel_symmetric", "per_channel_affine_float_qparams"):
                for ch_axis in (0, 1):
                    for data in ("normal", "positive", "zero", "tiny"):
                        common = dict(type=type_name, scheme=scheme, reduce_range=reduce_range, ch_axis=ch_axis)
                        observe(golden, "PerChannelMinMaxObserver", data, common)
                        observe(golden, "MovingAveragePerChannelMinMaxObserver", data,
                                {**common, "averaging_constant": f32(0.01)})
    for scheme in ("per_tensor_affine", "per_tensor_symmetric"):
        for quant_min, quant_max, eps in ((0, 127, EPS), (-127, 127, f32(2.0 ** -12)), (-100, 100, EPS)):
            for data in DATA:
                observe(golden, "MinMaxObserver", data, dict(
                    type="u8" if quant_min == 0 else "s8", scheme=scheme, reduce_range=False, quant_min=quant_min,
                    quant_max=quant_max, eps=eps))


DATA = {
    "normal": lambda inputs: [inputs.normal(4, 5, 6) for _ in range(3)],
    "growing": lambda inputs: [inputs.normal(4, 6, spread=s) for s in (1.0, 2.3, 0.4, 5.1)],
    "positive": lambda inputs: [inputs.uniform(4, 5, 16, low=0.5, high=3.7) for _ in range(2)],
    "negative": lambda inputs: [inputs.uniform(4, 5, low=-3.0, high=-0.2) for _ in range(2)],
    "zero": lambda inputs: [torch.zeros(4, 5)],
    "tiny": lambda inputs: [inputs.uniform(4, 5, low=-1e-9, high=1e-9)],
    "symmetric": lambda inputs: [torch.tensor([[-1.0, 1.0, 0.5], [0.25, -1.0, 1.0]])],
    "single": lambda inputs: [torch.tensor([[0.731]]), torch.tensor([[0.731]])],
}


def observe(golden, operator_name, data, parameters, makers=DATA):
    keyword = {key: value for key, value in parameters.items() if key != "bounds"}
    keyword["dtype"], keyword["qscheme"] = TYPES[keyword.pop("type")], SCHEMES[keyword.pop("scheme")]
    name = data + "_" + "_".join(f"{v:.3g}" if isinstance(v, float) else str(v) for v in parameters.values())
    batches = makers[data](golden.inputs("observer", data))
    try:
        watcher = getattr(observer, operator_name)(**keyword)
    except (AssertionError, NotImplementedError):
        return
    for batch in batches:
        watcher(batch)
    scale, zero_point = watcher.calculate_qparams()
    outputs = {"min_val": watcher.min_val, "max_val": watcher.max_val, "scale": scale, "zero_point": zero_point}
    if operator_name == "HistogramObserver":
        outputs["histogram"] = watcher.histogram
        outputs["search_min"], outputs["search_max"] = watcher._non_linear_param_search()
    golden.answer(operator_name, name, parameters, {f"batch{i}": batch for i, batch in enumerate(batches)},
                  {key: value.clone() for key, value in outputs.items()})
