"""Files are found in folders and zips alike, and none is trusted."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake import files
from sufficiency_lib.intake.files import InputFile, find_files, find_workbooks


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_files_in_folders_and_zips_in_a_fixed_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.CSV").write_bytes(b"A,B\n")
    (tmp_path / "one.xml").write_bytes(b"<a/>")
    (tmp_path / "notes.docx").write_bytes(b"")
    _zip(tmp_path / "a.zip", {
        "2024/z.csv": b"Z", "2024/a.txt": b"T", "__MACOSX/._z.csv": b"", "x.pdf": b"",
        ".h.csv": b"",
    })
    found = list(find_files(tmp_path))
    assert [file.name for file in found] == [
        "a.zip/2024/a.txt", "a.zip/2024/z.csv", "b/two.CSV", "one.xml"
    ]
    assert [file.read() for file in found] == [b"T", b"Z", b"A,B\n", b"<a/>"]
    assert [file.is_xml for file in found] == [False, False, False, True]
    assert found[2].read(1) == b"A" and found[1].read(1) == b"Z"


@pytest.mark.parametrize("name", ["../evil.csv", "/evil.csv", "C:/evil.csv", "a/../../evil.csv"])
def test_a_zip_that_points_outside_itself_is_refused(tmp_path: Path, name: str) -> None:
    _zip(tmp_path / "a.zip", {name: b"CHILD\n"})
    with pytest.raises(InputError, match="leads outside the archive"):
        list(find_files(tmp_path))
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]


def test_a_zip_that_expands_without_bound_is_refused(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"bomb.csv": b"0" * 60_000_000})
    with pytest.raises(InputError, match=r"bomb.csv' would unpack from"):
        list(find_files(tmp_path))


def test_a_damaged_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(InputError, match="a.zip is not a readable zip file"):
        list(find_files(tmp_path))


@pytest.mark.parametrize("zipped", [False, True])
def test_a_file_too_large_is_named_but_its_start_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zipped: bool
) -> None:
    (tmp_path / "a.csv").write_bytes(b"A,B\n")
    _zip(tmp_path / "a.zip", {"a.csv": b"A,B\n"})
    file = InputFile("a.csv", tmp_path / "a.csv")
    if zipped:
        file = InputFile("a.zip/a.csv", tmp_path / "a.zip", "a.csv")
    monkeypatch.setattr(files, "LARGEST_BYTES", 3)
    with pytest.raises(InputError, match="a.csv is larger than"):
        file.read()
    assert file.start() == b"A,B\n"


@pytest.mark.parametrize("name", [b"a\x1b[31m.csv", b"a\xff.csv", b"a\nb.csv"])
def test_a_name_does_nothing_to_a_screen_and_can_be_written(tmp_path: Path, name: bytes) -> None:
    """Not every name can be made on every system; where it can, its file is read."""
    try:
        (tmp_path / os.fsdecode(name)).write_bytes(b"A,B\n")
    except OSError:
        pytest.skip("this system has no such names")
    found = list(find_files(tmp_path))
    assert [file.read() for file in found] == [b"A,B\n"]
    assert found[0].name.isprintable() and found[0].name.encode("utf-8")


def test_spreadsheets_are_seen_and_not_read(tmp_path: Path) -> None:
    for name in ("b.XLSX", "a.ods", "~$b.xlsx", "c.csv"):
        (tmp_path / name).write_bytes(b"")
    assert [file.name for file in find_workbooks(tmp_path)] == ["a.ods", "b.XLSX"]
    assert [file.name for file in find_files(tmp_path)] == ["c.csv"]


def test_a_file_that_another_program_holds_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.csv").write_text("A,B\n")
    monkeypatch.setattr(Path, "open", held)
    for most in (None, 4):
        with pytest.raises(InputError, match=r"a.csv cannot be opened \(Permission denied\)"):
            InputFile("a.csv", tmp_path / "a.csv").read(most)
