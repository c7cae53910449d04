"""Errors carry an exit code, and say where something was found."""

from __future__ import annotations

import pytest

from sufficiency_lib.errors import (
    ConfigurationError,
    InputError,
    SufficiencyError,
    describe_place,
)


@pytest.mark.parametrize(
    ("kind", "exit_code"), [(SufficiencyError, 1), (ConfigurationError, 2), (InputError, 3)]
)
def test_each_error_has_its_exit_code(kind: type[SufficiencyError], exit_code: int) -> None:
    assert kind("said").exit_code == exit_code
    assert issubclass(kind, SufficiencyError)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("a.csv",), "a.csv"),
        (("a.csv", 14), "a.csv, line 14"),
        (("a.csv", 14, "DECOM"), "a.csv, line 14, column DECOM"),
        (("a.csv", None, "DECOM"), "a.csv, column DECOM"),
    ],
)
def test_a_place_is_said_with_what_is_known(place: tuple, said: str) -> None:
    assert describe_place(*place) == said
