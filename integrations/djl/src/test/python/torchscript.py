# SPDX-License-Identifier: Apache-2.0
"""ONNX models of the demo as TorchScript, for DJL's PyTorch engine: torchscript.py FOLDER_OF_MODELS OUTPUT_FOLDER"""
import os
import sys

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F


def weights(path):
    model = onnx.load(path)
    return {t.name: torch.tensor(numpy_helper.to_array(t).copy()) for t in model.graph.initializer}


class ResNet(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.w = nn.ParameterDict({k.replace('.', '_'): nn.Parameter(v, requires_grad=False) for k, v in w.items()})

    def conv(self, x, name, stride=1, padding=1):
        return F.conv2d(x, self.w[name + '_weight'], self.w[name + '_bias'], stride, padding)

    def block(self, x, name, stride):
        y = F.pad(x, (0, 1, 0, 1)) if stride == 2 else x
        y = F.relu(self.conv(y, name + '_conv1_0', stride, 0 if stride == 2 else 1))
        y = self.conv(y, name + '_conv2')
        return F.relu((self.conv(x, name + '_shortcut', stride, 0) if stride == 2 else x) + y)

    def forward(self, x):
        x = F.relu(self.conv(x, 'stem_0'))
        x = self.block(self.block(self.block(x, 'b1', 1), 'b2', 2), 'b3', 2)
        return F.linear(x.mean((2, 3)), self.w['fc_weight'], self.w['fc_bias'])


def reorder(rows):
    """ONNX has the gates input, output, forget, cell; PyTorch input, forget, cell, output."""
    i, o, f, c = rows.chunk(4)
    return torch.cat([i, f, c, o])


class Lstm(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(w['emb.weight'])
        self.lstm = nn.LSTM(32, 96, num_layers=2, batch_first=True)
        for layer, names in enumerate(((194, 195, 196), (214, 215, 216))):
            x, h, b = (w['onnx::LSTM_%d' % n][0] for n in names)
            for name, value in (('weight_ih_l', x), ('weight_hh_l', h), ('bias_ih_l', b[:384]), ('bias_hh_l', b[384:])):
                getattr(self.lstm, name + str(layer)).data = reorder(value)
        self.fc = nn.Linear(96, 10)
        self.fc.weight.data, self.fc.bias.data = w['fc.weight'], w['fc.bias']

    def forward(self, tokens):
        return self.fc(self.lstm(self.embedding(tokens))[0].mean(1))


source, target = sys.argv[1:3]
for name, kind, example in (('resnet8-cifar10', ResNet, torch.zeros(1, 3, 32, 32)),
                            ('lstm-snippets', Lstm, torch.zeros(1, 128, dtype=torch.int64))):
    with torch.no_grad():
        module = kind(weights(os.path.join(source, name + '.onnx'))).eval()
        torch.jit.trace(module, example).save(os.path.join(target, name + '.pt'))
