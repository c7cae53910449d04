"""Every worked example comes out as written, however its text is stored."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest
from histories import STORAGES, stored_as
from worked_examples import SHOWN, WorkedExample, read_cells, worked_examples

from sufficiency_lib.metrics import (
    bed_nights,
    headline,
    locality,
    population,
    provision,
    quality,
    reconciliation,
)

EXAMPLES = worked_examples()
MODULES = (bed_nights, headline, locality, population, provision, quality, reconciliation)
#: Steps of other measures, which are shown through those.
PARTS = {
    "bed_nights.nights_between", "locality.is_within", "locality.in_cohort",
    "provision.fostering_share",
}


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


def test_every_measure_has_an_example() -> None:
    public = {
        f"{module.__name__.rsplit('.', 1)[1]}.{name}"
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert public - PARTS == {example.measure for example in EXAMPLES}
