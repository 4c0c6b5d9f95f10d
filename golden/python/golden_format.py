# SPDX-License-Identifier: Apache-2.0
"""Writes .jqg files; golden/README.md describes the format, GoldenFile.java reads it."""

import gzip
import io
import struct
from dataclasses import dataclass, field

import torch

MAGIC = b"JQGV"
VERSION = 1
DTYPES = {
    torch.uint8: (0, "u1"),
    torch.int8: (1, "i1"),
    torch.int32: (2, "<i4"),
    torch.int64: (3, "<i8"),
    torch.float32: (4, "<f4"),
    torch.float64: (5, "<f8"),
    torch.bool: (6, "u1"),
}


@dataclass
class Case:
    name: str
    operator: str
    parameters: dict = field(default_factory=dict)
    inputs: dict = field(default_factory=dict)
    outputs: dict = field(default_factory=dict)


def _text(out, text):
    data = text.encode()
    out.write(struct.pack(">H", len(data)) + data)


def _parameter(out, value):
    if isinstance(value, bool):
        out.write(struct.pack(">B?", 2, value))
    elif isinstance(value, int):
        out.write(struct.pack(">Bq", 0, value))
    elif isinstance(value, float):
        out.write(struct.pack(">Bd", 1, value))
    elif isinstance(value, str):
        out.write(struct.pack(">B", 3))
        _text(out, value)
    elif all(isinstance(v, int) for v in value):
        out.write(struct.pack(">Bi", 4, len(value)) + struct.pack(f">{len(value)}q", *value))
    else:
        out.write(struct.pack(">Bi", 5, len(value)) + struct.pack(f">{len(value)}f", *value))


def _tensor(out, tensor):
    code, little_endian = DTYPES[tensor.dtype]
    out.write(struct.pack(">BB", code, tensor.dim()) + struct.pack(f">{tensor.dim()}i", *tensor.shape))
    out.write(tensor.contiguous().numpy().astype(little_endian).tobytes())


def _map(out, values, write):
    out.write(struct.pack(">H", len(values)))
    for name, value in values.items():
        _text(out, name)
        write(out, value)


def write(path, header, cases):
    """Writes one file; equal arguments give equal bytes."""
    out = io.BytesIO()
    out.write(MAGIC + struct.pack(">i", VERSION))
    _map(out, header, _text)
    out.write(struct.pack(">i", len(cases)))
    for case in cases:
        _text(out, case.name)
        _text(out, case.operator)
        _map(out, case.parameters, _parameter)
        _map(out, case.inputs, _tensor)
        _map(out, case.outputs, _tensor)
    path.write_bytes(gzip.compress(out.getvalue(), 9, mtime=0))
