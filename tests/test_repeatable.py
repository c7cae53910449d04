"""The same inputs give the same bytes: in another process, folder and cache, at another time.

And with ordinary kernels, as where a process cannot be forked, where the first run had forked ones.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.slow

_AUTHORITY = "herefordshire"


@pytest.fixture(scope="module")
def again(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One authority run from a copy of its inputs, with nothing kept from any run before."""
    place = tmp_path_factory.mktemp("again")
    for name in ("reference", _AUTHORITY):
        shutil.copytree(sample_dir / name, place / "elsewhere" / "sample" / name)
    told = subprocess.run(
        [sys.executable, "-m", "sufficiency_lib", "run", _AUTHORITY,
         "--data", str(place / "elsewhere" / "sample"), "--out", str(place / "out"), "--no-fork"],
        cwd=PROJECT, capture_output=True, text=True,
        env={**os.environ, "SUFFICIENCY_CACHE": str(place / "cache"), "PYTHONHASHSEED": "11"},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return place / "out" / _AUTHORITY


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_published_file_has_the_same_bytes(again: Path, outputs_dir: Path) -> None:
    first, second = _files(outputs_dir / _AUTHORITY), _files(again)
    assert {"appendix.html", "tables.xlsx", "tables/locality.csv"} <= set(first)
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
