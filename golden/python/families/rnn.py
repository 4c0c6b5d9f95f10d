# SPDX-License-Identifier: Apache-2.0
"""Recurrent layers and cells with dynamically quantized inputs; gate order as PyTorch: LSTM i f g o, GRU r z n."""

from typing import List, Optional

import torch
from torch import Tensor

from registry import operator


@torch.jit.script
def packed(weight: Tensor, scales: Tensor, bias: Tensor) -> torch.classes.quantized.LinearPackedParamsBase:
    if scales.numel() == 1:
        quantized = torch._make_per_tensor_quantized_tensor(weight, float(scales[0]), 0)
    else:
        quantized = torch._make_per_channel_quantized_tensor(
            weight, scales, torch.zeros([scales.numel()], dtype=torch.int64), 0)
    return torch.ops.quantized.linear_prepack(quantized, bias)


@operator("y", "h_n", "c_n")
def lstm(x: Tensor, h: Tensor, c: Tensor, w_ih0: Tensor, w_ih0_scales: Tensor, w_hh0: Tensor, w_hh0_scales: Tensor,
         b_ih0: Tensor, b_hh0: Tensor, w_ih1: Optional[Tensor], w_ih1_scales: Optional[Tensor],
         w_hh1: Optional[Tensor], w_hh1_scales: Optional[Tensor], b_ih1: Optional[Tensor], b_hh1: Optional[Tensor],
         layers: int, bidirectional: bool, batch_first: bool, reduce_range: bool) -> List[Tensor]:
    cells = [torch.ops.quantized.make_quantized_cell_params_dynamic(
        packed(w_ih0, w_ih0_scales, b_ih0), packed(w_hh0, w_hh0_scales, b_hh0), b_ih0, b_hh0, reduce_range)]
    if w_ih1 is not None and w_ih1_scales is not None and w_hh1 is not None and w_hh1_scales is not None:
        if b_ih1 is not None and b_hh1 is not None:
            cells.append(torch.ops.quantized.make_quantized_cell_params_dynamic(
                packed(w_ih1, w_ih1_scales, b_ih1), packed(w_hh1, w_hh1_scales, b_hh1), b_ih1, b_hh1, reduce_range))
    y, h_n, c_n = torch.quantized_lstm(x, [h, c], cells, True, layers, 0.0, False, bidirectional, batch_first,
                                       dtype=torch.qint8, use_dynamic=True)
    return [y, h_n, c_n]


@operator("y", "h_n")
def gru(x: Tensor, h: Tensor, w_ih0: Tensor, w_ih0_scales: Tensor, w_hh0: Tensor, w_hh0_scales: Tensor,
        b_ih0: Tensor, b_hh0: Tensor, w_ih1: Optional[Tensor], w_ih1_scales: Optional[Tensor],
        w_hh1: Optional[Tensor], w_hh1_scales: Optional[Tensor], b_ih1: Optional[Tensor], b_hh1: Optional[Tensor],
        layers: int, bidirectional: bool, batch_first: bool, reduce_range: bool) -> List[Tensor]:
    cells = [torch.ops.quantized.make_quantized_cell_params_dynamic(
        packed(w_ih0, w_ih0_scales, b_ih0), packed(w_hh0, w_hh0_scales, b_hh0), b_ih0, b_hh0, reduce_range)]
    if w_ih1 is not None and w_ih1_scales is not None and w_hh1 is not None and w_hh1_scales is not None:
        if b_ih1 is not None and b_hh1 is not None:
            cells.append(torch.ops.quantized.make_quantized_cell_params_dynamic(
                packed(w_ih1, w_ih1_scales, b_ih1), packed(w_hh1, w_hh1_scales, b_hh1), b_ih1, b_hh1, reduce_range))
    y, h_n = torch.quantized_gru(x, h, cells, True, layers, 0.0, False, bidirectional, batch_first)
    return [y, h_n]


@operator("h_n", "c_n")
def lstm_cell(x: Tensor, h: Tensor, c: Tensor, w_ih0: Tensor, w_ih0_scales: Tensor, w_hh0: Tensor,
              w_hh0_scales: Tensor, b_ih0: Tensor, b_hh0: Tensor) -> List[Tensor]:
    h_n, c_n = torch.ops.quantized.quantized_lstm_cell_dynamic(
        x, [h, c], packed(w_ih0, w_ih0_scales, b_ih0), packed(w_hh0, w_hh0_scales, b_hh0), b_ih0, b_hh0)
    return [h_n, c_n]


@operator("h_n")
def gru_cell(x: Tensor, h: Tensor, w_ih0: Tensor, w_ih0_scales: Tensor, w_hh0: Tensor, w_hh0_scales: Tensor,
             b_ih0: Tensor, b_hh0: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.quantized_gru_cell_dynamic(
        x, h, packed(w_ih0, w_ih0_scales, b_ih0), packed(w_hh0, w_hh0_scales, b_hh0), b_ih0, b_hh0)]


@operator("h_n")
def rnn_tanh_cell(x: Tensor, h: Tensor, w_ih0: Tensor, w_ih0_scales: Tensor, w_hh0: Tensor, w_hh0_scales: Tensor,
                  b_ih0: Tensor, b_hh0: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.quantized_rnn_tanh_cell_dynamic(
        x, h, packed(w_ih0, w_ih0_scales, b_ih0), packed(w_hh0, w_hh0_scales, b_hh0), b_ih0, b_hh0)]


@operator("h_n")
def rnn_relu_cell(x: Tensor, h: Tensor, w_ih0: Tensor, w_ih0_scales: Tensor, w_hh0: Tensor, w_hh0_scales: Tensor,
                  b_ih0: Tensor, b_hh0: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.quantized_rnn_relu_cell_dynamic(
        x, h, packed(w_ih0, w_ih0_scales, b_ih0), packed(w_hh0, w_hh0_scales, b_hh0), b_ih0, b_hh0)]


GATES = {"lstm": 4, "gru": 3, "lstm_cell": 4, "gru_cell": 3, "rnn_tanh_cell": 1, "rnn_relu_cell": 1}
PARTS = ("w_ih{}", "w_ih{}_scales", "w_hh{}", "w_hh{}_scales", "b_ih{}", "b_hh{}")


def cell(inputs, gates, input_size, hidden, index, per_channel):
    count = gates * hidden if per_channel else 1
    values = (inputs.s8(gates * hidden, input_size, low=-127), inputs.scales(count, 0.001, 0.004),
              inputs.s8(gates * hidden, hidden, low=-127), inputs.scales(count, 0.001, 0.004),
              inputs.normal(gates * hidden, spread=0.3), inputs.normal(gates * hidden, spread=0.3))
    return {name.format(index): value for name, value in zip(PARTS, values)}


def cases(golden):
    for batch, input_size, hidden in ((1, 5, 3), (3, 16, 8), (2, 17, 33), (5, 8, 19)):
        for per_channel in (False, True):
            for name in ("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"):
                single(golden, name, batch, input_size, hidden, per_channel)
    for name in ("lstm", "gru"):
        for steps, batch, input_size, hidden in ((1, 1, 4, 3), (6, 2, 9, 8), (4, 3, 16, 17)):
            for layers, bidirectional in ((1, False), (2, False), (1, True)):
                sequence(golden, name, steps, batch, input_size, hidden, layers, bidirectional, False, False, False)
        sequence(golden, name, 5, 2, 9, 8, 1, False, True, False, False)
        sequence(golden, name, 5, 2, 9, 8, 1, False, False, True, False)
        sequence(golden, name, 5, 2, 9, 8, 2, False, False, False, True)


def single(golden, name, batch, input_size, hidden, per_channel):
    case = f"{batch}x{input_size}x{hidden}{'_channel' if per_channel else ''}"
    inputs = golden.inputs(name, case)
    state = dict(h=inputs.normal(batch, hidden, spread=0.5))
    if name == "lstm_cell":
        state["c"] = inputs.normal(batch, hidden)
    golden.add(name, case, x=inputs.normal(batch, input_size), **state,
               **cell(inputs, GATES[name], input_size, hidden, 0, per_channel))


def sequence(golden, name, steps, batch, input_size, hidden, layers, bidirectional, batch_first, reduce_range,
             per_channel):
    case = f"{steps}x{batch}x{input_size}x{hidden}_l{layers}{'_bi' if bidirectional else ''}"
    case += f"{'_first' if batch_first else ''}{'_reduced' if reduce_range else ''}{'_channel' if per_channel else ''}"
    inputs = golden.inputs(name, case)
    count = layers * (2 if bidirectional else 1)
    state = dict(h=inputs.normal(count, batch, hidden, spread=0.5))
    if name == "lstm":
        state["c"] = inputs.normal(count, batch, hidden)
    cells = cell(inputs, GATES[name], input_size, hidden, 0, per_channel)
    second = cell(inputs, GATES[name], hidden if layers == 2 else input_size, hidden, 1, per_channel)
    cells.update(second if count == 2 else dict.fromkeys(second))
    x = inputs.normal(*((batch, steps) if batch_first else (steps, batch)), input_size)
    golden.add(name, case, x=x, **state, **cells, layers=layers, bidirectional=bidirectional, batch_first=batch_first,
               reduce_range=reduce_range)
