# SPDX-License-Identifier: Apache-2.0
"""Makes golden/src/main/resources/io/jquant/golden/*.jqg; golden/README.md says how to call it."""

import argparse
import datetime
import importlib
import multiprocessing
import pathlib

import torch

import golden_format
from inputs import Inputs
from registry import OPERATORS

HERE = pathlib.Path(__file__).resolve().parent
RESOURCES = HERE.parent / "src/main/resources/io/jquant/golden"
FAMILIES = sorted(p.stem for p in (HERE / "families").glob("*.py"))
SEED = 20261124
# answers that are no answers, so they are not recorded
WRONG = {("qnnpack", "conv_transpose3d"): "PyTorch 1.13 runs it as if it were two-dimensional: wrong shapes"}


class Golden:
    """Collects the cases of one family; answered are those that need no engine (observers)."""

    def __init__(self):
        self.cases = []
        self.answered = []

    def inputs(self, operator, name):
        return Inputs(SEED, f"{operator}/{name}")

    def add(self, operator, name, **arguments):
        name = f"{operator}/{name}"
        assert name not in {case.name for case in self.cases}, name
        unknown = set(arguments) ^ set(OPERATORS[operator][1].parameters)
        assert not unknown, (name, unknown)
        case = golden_format.Case(name, operator)
        for key, value in arguments.items():
            if isinstance(value, torch.Tensor):
                case.inputs[key] = value
            elif value is not None:
                case.parameters[key] = value
        self.cases.append(case)

    def answer(self, operator, name, parameters, inputs, outputs):
        name = f"{operator}/{name}"
        assert name not in {case.name for case in self.answered}, name
        self.answered.append(golden_format.Case(name, operator, parameters, inputs, outputs))


def argument(case, name):
    if name in case.inputs:
        return case.inputs[name].clone()
    value = case.parameters.get(name)
    return torch.tensor(value, dtype=torch.int64) if isinstance(value, list) else value


def run(case):
    """Returns the outputs as numpy arrays, or the reason why there are none."""
    program, signature, names = OPERATORS[case.operator]
    try:
        results = program(*[argument(case, name) for name in signature.parameters])
    except (RuntimeError, torch.jit.Error) as error:
        lines = [line for line in str(error).splitlines() if "Error: " in line] or str(error).splitlines()
        return lines[-1].split("Error: ")[-1].strip()[:200]
    return {name: result.numpy() for name, result in zip(names, results)}


def answers(cases, header):
    """On onednn each case has a process of its own: its cache of primitives forgets that zero points may differ."""
    answered = []
    per_process = 1 if header["engine"] == "onednn" else None
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=per_process) as process:
        for case, outputs in zip(cases, process.imap(run, cases, chunksize=1)):
            reason = WRONG.get((header["engine"], case.operator), outputs)
            if isinstance(reason, str):
                header["refused." + case.name] = reason
                continue
            tensors = {name: torch.from_numpy(array) for name, array in outputs.items()}
            answered.append(golden_format.Case(case.name, case.operator, case.parameters, case.inputs, tensors))
    return answered


def make(family, date, scripts):
    golden = Golden()
    importlib.import_module("families." + family).cases(golden)
    header = {"family": family, "torch": torch.__version__, "seed": str(SEED),
              "script": f"golden/python/families/{family}.py", "date": date}
    if golden.answered:
        golden_format.write(RESOURCES / f"{family}-none.jqg", {**header, "engine": "none"}, golden.answered)
    if not golden.cases:
        return
    for engine in ("qnnpack", "onednn"):
        torch.backends.quantized.engine = engine
        engine_header = {**header, "engine": engine}
        answered = answers(golden.cases, engine_header)
        golden_format.write(RESOURCES / f"{family}-{engine}.jqg", engine_header, answered)
        refused = [key for key in engine_header if key.startswith("refused.")]
        print(f"{family:16s} {engine:8s} {len(answered):5d} answered {len(refused):4d} refused")
    used = sorted({case.operator for case in golden.cases})
    for name in used:
        OPERATORS[name][0].save(str(scripts / f"{name}.pt"))
        header["outputs." + name] = " ".join(OPERATORS[name][2])
    golden_format.write(scripts / f"{family}.jqg", header, golden.cases)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="*", default=FAMILIES, help="default: all of them")
    parser.add_argument("--date", default=datetime.datetime.now(datetime.timezone.utc).date().isoformat())
    parser.add_argument("--scripts", type=pathlib.Path, default=HERE.parent / "target/torchscript",
                        help="where the TorchScript programs and the unanswered cases go, for FbgemmGoldenMaker")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.scripts.mkdir(parents=True, exist_ok=True)
    RESOURCES.mkdir(parents=True, exist_ok=True)
    for family in options.families:
        make(family, options.date, options.scripts)


if __name__ == "__main__":
    main()
