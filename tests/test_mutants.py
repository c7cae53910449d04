"""The benchmark of mutants: whose tests are run, what mutmut is told, and what is printed."""

from __future__ import annotations

import configparser
import json
import shutil
from pathlib import Path

import pytest

from benchmarks import mutants
from benchmarks.mutants import configuration, examples_of, main, source_of

PROJECT = Path(__file__).resolve().parents[1]


def test_a_module_s_tests_are_those_with_its_name_or_else_those_that_import_it(
    tmp_path: Path,
) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    for name in ("test_own.py", "test_own_flow.py", "test_rested.py"):
        (tests / name).write_text("from sufficiency_lib.metrics.own import a\n", encoding="utf-8")
    (tests / "test_rest.py").write_text("from sufficiency_lib.cleaning import rest\n", "utf-8")
    (tests / "test_owner.py").write_text("from sufficiency_lib.metrics import rest\n", "utf-8")
    (tests / "test_other.py").write_text("from sufficiency_lib.metrics.rest import a\n", "utf-8")
    own = ["tests/test_own.py", "tests/test_own_flow.py"]
    assert mutants.tests_of("metrics.own", tmp_path) == own
    rest = ["tests/test_other.py", "tests/test_owner.py"]
    assert mutants.tests_of("metrics.rest", tmp_path) == rest
    assert mutants.tests_of("metrics.none", tmp_path) == []


def test_every_module_of_measures_and_of_cleaning_has_tests_to_be_tried_by() -> None:
    for room in ("metrics", "cleaning"):
        for path in (PROJECT / "sufficiency_lib" / room).glob("[a-z]*.py"):
            module = f"{room}.{path.stem}"
            assert (PROJECT / source_of(module)).is_file()
            assert mutants.tests_of(module) or examples_of(module), module


def test_a_tool_is_tried_by_the_examples_of_what_is_made_with_it() -> None:
    named = [test.split("[")[1].removesuffix("-object]") for test in examples_of("metrics.moves")]
    assert named == ["moves_by_reason", "unplanned_endings"]
    assert len(examples_of("metrics.tally")) > 20 and not examples_of("cleaning.repair")


def test_mutmut_is_told_one_module_and_its_tests_only() -> None:
    told = configparser.ConfigParser()
    told.read_string(configuration("cleaning.repair", ["tests/test_repair.py"]))
    section = {key: value.split("\n")[1:] for key, value in told["mutmut"].items()}
    assert section["only_mutate"] == ["sufficiency_lib/cleaning/repair.py"]
    assert section["pytest_add_cli_args_test_selection"] == [
        "tests/test_repair.py", "sufficiency_lib/cleaning/repair.py"]
    assert "tests" in section["also_copy"] and "sufficiency_lib" not in section["also_copy"]
    assert section["pytest_add_cli_args"][-2:] == ["-k", "not __mutmut_ or __mutmut_orig"]


def test_what_is_printed_is_how_many_died_and_each_that_did_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def said(at: Path, *command: str) -> str:
        if command[:2] == ("-c", mutants.TOLD):
            return json.dumps([("killed", False), ("survived", "# m1\n-a\n+b"), ("killed", False)])
        assert command[:3] == ("-c", mutants.MUTMUT, "run")
        return ""

    def copied(to: Path) -> Path:
        """Whose tests are those that were there as the copy was made."""
        (to / "tests").mkdir()
        shutil.copy(mutants.PROJECT / "tests" / "test_moves.py", to / "tests")
        return to

    monkeypatch.setattr(mutants, "_said", said)
    monkeypatch.setattr(mutants, "copied", copied)
    main(["metrics.moves", "--jobs", "1"])
    assert capsys.readouterr().out == (
        "\nmetrics.moves: 3 mutants (2 killed, 1 survived), by tests/test_moves.py, examples, "
        "doctests\n# m1\n-a\n+b\n\n")
    compile(mutants.MUTMUT, "mutmut", "exec")
    compile(mutants.TOLD, "told", "exec")


def test_what_fails_is_said_and_ends_it(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such luck"):
        mutants._said(tmp_path, "-c", "raise SystemExit('no such luck')")
