"""Every worked example comes out as written, however its text is stored."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pandas as pd
import pytest
from histories import STORAGES, stored_as
from worked_examples import SHOWN, WorkedExample, read_cells, worked_examples

from sufficiency_lib import metrics

EXAMPLES = worked_examples()
#: What every measure is made of; shown through those.
TOOLS = {"stock", "tally", "answers", "pairs", "intervals", "amounts", "ledger", "marks",
         "nights"}
MODULES = [
    importlib.import_module(f"sufficiency_lib.metrics.{found.name}")
    for found in pkgutil.iter_modules(metrics.__path__)
    if found.name not in TOOLS
]


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example_comes_out_as_written(example: WorkedExample, storage: str) -> None:
    inputs = {
        name: frame if name in SHOWN else stored_as(frame, storage)
        for name, frame in example.inputs().items()
    }
    before = {name: frame.copy(deep=True) for name, frame in inputs.items()}
    outcome = example.shown(example.function(**inputs, **example.arguments()))
    pd.testing.assert_frame_equal(outcome, read_cells(example.expected), check_dtype=False)
    for name, frame in inputs.items():
        pd.testing.assert_frame_equal(frame, before[name])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example_is_small_enough_to_work_by_hand(example: WorkedExample) -> None:
    sizes = [len(frame) for frame in example.inputs().values()]
    assert 4 <= max(sizes, default=len(read_cells(example.expected))) <= 8
    for text in (example.title, example.definition, example.source, example.working):
        assert text.strip()


def measures_of(module: ModuleType) -> set[str]:
    """The public functions of a module that make a table."""
    return {
        f"{module.__name__.rsplit('.', 1)[1]}.{name}"
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        and function.__annotations__.get("return") == "pd.DataFrame"
    }


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
def test_every_measure_has_an_example(module: ModuleType) -> None:
    assert measures_of(module) <= {example.measure for example in EXAMPLES}


def test_every_example_is_of_a_measure() -> None:
    measures = set().union(*map(measures_of, MODULES))
    assert {example.measure for example in EXAMPLES} <= measures
