# SPDX-License-Identifier: Apache-2.0
from typing import List, Optional

import torch
from torch import Tensor

from registry import operator


@operator("packed")
def embedding_bag_byte_prepack(weight: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_byte_prepack(weight)]


@operator("packed")
def embedding_bag_4bit_prepack(weight: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_4bit_prepack(weight)]


@operator("packed")
def embedding_bag_2bit_prepack(weight: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_2bit_prepack(weight)]


@operator("weight")
def embedding_bag_byte_unpack(packed: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_byte_unpack(packed)]


@operator("weight")
def embedding_bag_4bit_unpack(packed: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_4bit_unpack(packed)]


@operator("weight")
def embedding_bag_2bit_unpack(packed: Tensor) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_2bit_unpack(packed)]


@operator("y")
def embedding_bag_byte(packed: Tensor, indices: Tensor, offsets: Tensor, per_sample_weights: Optional[Tensor],
                       include_last_offset: bool) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_byte_rowwise_offsets(
        packed, indices, offsets, False, 0, False, per_sample_weights, None, include_last_offset)]


@operator("y")
def embedding_bag_4bit(packed: Tensor, indices: Tensor, offsets: Tensor, per_sample_weights: Optional[Tensor],
                       include_last_offset: bool) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_4bit_rowwise_offsets(
        packed, indices, offsets, False, 0, False, per_sample_weights, None, include_last_offset)]


@operator("y")
def embedding_bag_2bit(packed: Tensor, indices: Tensor, offsets: Tensor, per_sample_weights: Optional[Tensor],
                       include_last_offset: bool) -> List[Tensor]:
    return [torch.ops.quantized.embedding_bag_2bit_rowwise_offsets(
        packed, indices, offsets, False, 0, False, per_sample_weights, None, include_last_offset)]


@operator("y")
def embedding_byte(weight: Tensor, scales: Tensor, zero_points: Tensor, indices: Tensor) -> List[Tensor]:
    """The module Embedding: quint8, per row, zero points in float."""
    quantized = torch.quantize_per_channel(weight, scales, zero_points, 0, torch.quint8)
    return [torch.ops.quantized.embedding_byte(torch.ops.quantized.embedding_bag_prepack(quantized), indices)]


PREPACK = {"byte": torch.ops.quantized.embedding_bag_byte_prepack,
           "4bit": torch.ops.quantized.embedding_bag_4bit_prepack,
           "2bit": torch.ops.quantized.embedding_bag_2bit_prepack}


def cases(golden):
    for rows, columns in ((1, 4), (5, 8), (10, 16), (7, 32), (13, 64), (9, 68), (4, 12), (3, 20)):
        for bits, prepack in PREPACK.items():
            inputs = golden.inputs("embedding_bag", f"{bits}_{rows}x{columns}")
            weight = inputs.normal(rows, columns, spread=0.7)
            if rows > 4:
                weight[1] = 0.25
                weight[2] = weight[2].abs() + 0.5
                weight[3] = torch.round(weight[3] * 8) / 8
            name = f"{rows}x{columns}"
            golden.add(f"embedding_bag_{bits}_prepack", name, weight=weight)
            golden.add(f"embedding_bag_{bits}_unpack", name, packed=prepack(weight))
            bags(golden, bits, name, prepack(weight), rows)
        scales = inputs.uniform(rows, low=0.003, high=0.02)
        golden.add("embedding_byte", name, weight=weight, scales=scales,
                   zero_points=inputs.uniform(rows, low=90.0, high=160.0),
                   indices=inputs.integers(0, rows - 1, (5,), torch.int64))


def bags(golden, bits, name, packed, rows):
    for weighted in (False, True):
        for include_last_offset in (False, True):
            for index_type in (torch.int32, torch.int64):
                case = f"{name}{'_weighted' if weighted else ''}{'_last' if include_last_offset else ''}"
                case += "_i32" if index_type is torch.int32 else "_i64"
                inputs = golden.inputs(f"embedding_bag_{bits}", case)
                # one bag of 3, an empty one, one of 1, one of 7
                offsets = [0, 3, 3, 4] + ([11] if include_last_offset else [])
                golden.add(f"embedding_bag_{bits}", case, packed=packed,
                           indices=inputs.integers(0, rows - 1, (11,), index_type),
                           offsets=torch.tensor(offsets, dtype=index_type),
                           per_sample_weights=inputs.normal(11) if weighted else None,
                           include_last_offset=include_last_offset)
