"""Folders as people name them: spaces, brackets, signs, letters of any script, and long ones."""

from __future__ import annotations

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from run_stand_in import notebook, planned, work
from small_return import write_raw_reference, write_return

from sufficiency_lib.dataset import Dataset, load
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.runs import samples
from sufficiency_lib.runs.conduct import carry_out
from sufficiency_lib.runs.execute import run_notebook
from sufficiency_lib.runs.fingerprint import tree_hashes
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.settings import RunParameters, run_parameters

STRANGE = "Zoë's 903 [2025] 中 100% #1 & 😀"
LONG = "/".join(["returns of the year"] * 14)
PROFILE = '[locality]\nrule = "in_area"\n\n[authority]\nname = "Ynys Môn – £"\n'


def laid_down(place: Path, *, zipped: bool = False, end: str = "\n", bom: bytes = b"") -> Path:
    """A data folder with one authority, a profile and raw reference files, all in `place`."""
    folder = write_return(place / "data" / "herefordshire" / "2024")
    (place / "data" / "herefordshire" / "profile.toml").write_text(PROFILE, encoding="utf-8")
    raw = write_raw_reference(place / "reference")
    for path in [*folder.iterdir(), *raw.iterdir(), folder.parent / "profile.toml"]:
        text = path.read_text(encoding="utf-8").replace("\n", end)
        path.write_bytes(bom + text.encode("utf-8"))
    if zipped:
        with zipfile.ZipFile(raw / f"{STRANGE}.zip", "w") as archive:
            archive.write(raw / "outlines.geojson", f"{STRANGE}/outlines [1].geojson")
        (raw / "outlines.geojson").unlink()
    return place


def read(place: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(place / "cache"))
    folders = {"data": place / "data", "reference": place / "reference"}
    study = load(run_parameters(authority="herefordshire", **folders))
    assert study.profile.name == "Ynys Môn – £" and study.profile.locality.rule == "in_area"
    return study


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    with pytest.MonkeyPatch.context() as patch:
        return read(laid_down(tmp_path_factory.mktemp("plain")), patch)


@pytest.mark.parametrize(
    ("name", "how"),
    [(STRANGE, {}), (STRANGE, {"zipped": True}), (LONG, {}),
     ("crlf", {"end": "\r\n"}), ("bom", {"end": "\r\n", "bom": b"\xef\xbb\xbf"})],
    ids=["strange", "strange and zipped", "long", "crlf", "bom"],
)  # fmt: skip
def test_the_same_is_read_wherever_and_however_it_lies(name, how, plain, tmp_path, monkeypatch):
    found = read(laid_down(tmp_path / name, **how), monkeypatch)
    for table in ("episodes", "children", "returned"):
        pd.testing.assert_frame_equal(getattr(found, table), getattr(plain, table))
    outlines = [study.reference.outline("E06000019") for study in (found, plain)]
    assert outlines[0].equals(outlines[1])
    assert found.findings.equals(plain.findings)


def test_a_profile_that_notepad_renamed_is_not_passed_over(tmp_path, monkeypatch):
    place = laid_down(tmp_path)
    folder = place / "data" / "herefordshire"
    (folder / "profile.toml").rename(folder / "Profile.toml.txt")
    with pytest.raises(ConfigurationError, match="'Profile.toml.txt' .* rename it to profile.toml"):
        read(place, monkeypatch)


def test_a_run_into_a_strange_folder_says_nothing_of_it(tmp_path):
    outputs = OutputFolder(tmp_path / STRANGE / LONG)
    for _ in range(2):
        outputs.prepare()
        outcomes = carry_out(
            [planned(tmp_path, "kent")], outputs=outputs,
            manifest=Manifest.read(outputs.root), logs=tmp_path / STRANGE / "logs", jobs=1,
            step_limit=60, on_progress=lambda step: None, on_outcome=lambda outcome: None,
            work=work, keep=1,
        )  # fmt: skip
        assert [outcome.failure for outcome in outcomes] == [None]
    index = (outputs.root / "index.html").read_text(encoding="utf-8")
    links = [unquote(link) for link in re.findall(r'href="([^"#:]+)"', index)]
    assert {"kent/appendix.html", "summary.csv"} <= set(links)
    assert [link for link in links if link.startswith("/")] == []
    for name in ("index.html", "summary.csv", "manifest.json"):
        said = (outputs.root / name).read_text(encoding="utf-8")
        assert str(tmp_path) not in said and "903 [2025]" not in said


def test_a_kernel_works_in_a_strange_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    scratch = tmp_path / STRANGE / "scratch"
    scratch.mkdir(parents=True)
    path = notebook(scratch.parent / "01_one.ipynb", "import os\n[data, os.getcwd()]")
    told = RunParameters(authority="a", data=Path("//council/Zoë's share") / STRANGE)
    ran = run_notebook(path, told, scratch)
    shown = ran.cells[-1].outputs[0].data["text/plain"]
    assert eval(shown) == [str(told.data), str(scratch.resolve())]
    shutil.rmtree(scratch)


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a name be any bytes")
def test_a_name_that_is_no_text_is_read_over_and_can_be_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = laid_down(tmp_path / "place")
    folder = place / "data" / "herefordshire"
    (folder / os.fsdecode(b"notes \xff.txt")).write_text("seen by nobody", encoding="utf-8")
    assert len(read(place, monkeypatch).episodes)
    hashes = tree_hashes(folder)
    assert "notes \\udcff.txt" in hashes
    manifest = Manifest(tmp_path, {"bath": {"name": "Bath", "status": "done", "inputs": hashes}})
    manifest.write()
    assert Manifest.read(tmp_path).authorities["bath"]["inputs"] == hashes


def test_what_writes_the_sample_is_all_there() -> None:
    """A room that is renamed must not drop out of what makes a sample out of date."""
    assert [name for name in samples._WRITERS if not (samples.LIBRARY / name).exists()] == []
