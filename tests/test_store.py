"""What is kept between runs: by content, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from small_return import write_raw_reference, write_return

from sufficiency_lib import store
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.reference import build_reference


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_key_is_of_the_content(tmp_path: Path) -> None:
    one, other = write_return(tmp_path / "one"), write_return(tmp_path / "other")
    key = store.content_key(one, "r")
    assert key == store.content_key(other, "r")
    os.utime(one / "one.csv", (1, 1))
    assert key == store.content_key(one, "r")
    assert key != store.content_key(one, "another reference")
    (other / "one.csv").rename(other / "renamed.csv")
    assert key != store.content_key(other, "r")
    (one / "one.csv").write_bytes((one / "one.csv").read_bytes() + b"\n")
    assert key != store.content_key(one, "r")


def test_tables_are_built_once_and_come_back_as_they_were_kept(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"text": ["a", None], "day": pd.to_datetime(["2024-03-31", None]),
         "number": pd.array([1, None], dtype="Int64"), "nothing": [None, None]}
    )
    built: list[int] = []

    def build() -> dict[str, pd.DataFrame]:
        built.append(1)
        return {"t": table}

    first, second = (store.kept(tmp_path, "k", build)["t"] for _ in range(2))
    assert built == [1]
    pd.testing.assert_frame_equal(first, second)
    assert first["text"].tolist() == ["a", None] or pd.isna(first["text"].iloc[1])
    assert first["day"].iloc[0] == pd.Timestamp(2024, 3, 31)


def test_an_older_version_is_removed_and_another_folders_is_not(
    tmp_path: Path, cache: Path
) -> None:
    def build() -> dict[str, pd.DataFrame]:
        return {"t": pd.DataFrame({"a": [1]})}

    store.kept(tmp_path / "x", "old", build)
    store.kept(tmp_path / "y", "old", build)
    store.kept(tmp_path / "x", "new", build)
    assert sorted(path.name for path in (cache / "datasets").glob("*/*")) == ["new", "old"]


def test_a_failed_build_leaves_the_older_version(tmp_path: Path, cache: Path) -> None:
    store.kept(tmp_path, "old", lambda: {"t": pd.DataFrame({"a": [1]})})

    def fail() -> dict[str, pd.DataFrame]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.kept(tmp_path, "new", fail)
    assert [path.name for path in (cache / "datasets").glob("*/*")] == ["old"]


def test_another_process_may_have_been_first(tmp_path: Path) -> None:
    def build() -> dict[str, pd.DataFrame]:
        if not build.called:
            build.called = True
            store.kept(tmp_path, "k", build)
        return {"t": pd.DataFrame({"a": [1]})}

    build.called = False
    assert store.kept(tmp_path, "k", build)["t"]["a"].tolist() == [1]


def test_the_data_folders_own_reference_store_is_used(tmp_path: Path) -> None:
    raw = write_raw_reference(tmp_path / "raw")
    build_reference(tmp_path / "data" / "reference", postcodes=raw / "postcodes.csv",
                    boundaries=None)
    found = store.reference_for(None, tmp_path / "data")
    assert found.path == tmp_path / "data" / "reference" and len(found.postcodes) == 4


def test_a_folder_of_raw_files_is_made_into_a_store_once(tmp_path: Path, cache: Path) -> None:
    raw = write_raw_reference(tmp_path / "raw")
    first = store.reference_for(raw, tmp_path)
    assert first.boundaries["code"].tolist() == ["E06000019"]
    assert store.reference_for(raw, tmp_path).path == first.path
    assert first.path.parent == cache / "reference"
    (raw / "outlines.geojson").unlink()
    assert store.reference_for(raw, tmp_path).boundaries.empty


def test_a_reference_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigurationError, match="neither a reference store nor a folder"):
        store.reference_for(tmp_path / "empty", tmp_path)
    with pytest.raises(ConfigurationError, match="There is no reference store"):
        store.reference_for(tmp_path / "nowhere", tmp_path)
