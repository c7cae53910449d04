"""The `run` command from end to end, on a few notebooks and one synthetic authority."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from run_stand_in import notebook

from sufficiency_lib.runs.fingerprint import tree_hashes
from sufficiency_lib.runs.lock import one_run_at_a_time

PROJECT = Path(__file__).resolve().parents[1]


def command(checkout: Path, *told: str) -> subprocess.CompletedProcess[str]:
    """What a command answers in a process of its own, as a person would run it."""
    return subprocess.run(
        [sys.executable, "-m", "sufficiency_lib", *told],
        cwd=checkout, capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """The project with one of its notebooks and a small one, so that a run is short."""
    place = tmp_path_factory.mktemp("checkout")
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "sufficiency_lib", place / "sufficiency_lib", ignore=left_out)
    shutil.copy(PROJECT / "pyproject.toml", place)
    (place / "notebooks").mkdir()
    shutil.copy(PROJECT / "notebooks" / "09_assessment.ipynb", place / "notebooks")
    notebook(place / "notebooks" / "01_small.ipynb", "small = 1", title="Small")
    return place


@pytest.fixture(scope="module")
def data(sample_dir, tmp_path_factory) -> Path:
    """A data folder of one authority that may be spoiled, and one whose returns are unusable."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(sample_dir / "herefordshire", folder / "herefordshire")
    shutil.copytree(sample_dir / "reference" / "store", folder / "reference" / "store")
    (folder / "nottingham").mkdir()
    (folder / "nottingham" / "episodes.csv").write_text(
        "CHILD,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\nX1,S,C2,N1,U6,PR4,,\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def first_run(checkout, data) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder of outputs, and what the first run into it said."""
    return checkout / "outputs", command(checkout, "run", "herefordshire", "--data", str(data))


def test_a_run_leaves_what_the_contract_says(first_run):
    out, told = first_run
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == [
        str(Path("outputs", "herefordshire", "appendix.html")),
        f"{Path('outputs', 'index.html')}: 1 done, 0 up to date, 0 failed",
    ]
    assert {path.name for path in out.iterdir()} == {
        "herefordshire", "index.html", "manifest.json", "summary.csv",
    }  # fmt: skip
    assert {path.name for path in (out / "herefordshire").iterdir()} == {
        "appendix.html", "summary.html", "for-families.html", "tables.xlsx", "tables", "figures",
        "notebooks",
    }  # fmt: skip
    headline = (out / "herefordshire" / "tables" / "headline.csv").read_text(encoding="utf-8")
    assert headline.startswith("metric,label,value,unit,")
    with (out / "summary.csv").open(encoding="utf-8", newline="") as lines:
        assert {row["code"] for row in csv.DictReader(lines)} == {"E06000019"}


def test_without_a_terminal_a_run_tells_one_line_an_event(first_run):
    _, told = first_run
    lines = told.stderr.splitlines()
    assert lines[0] == "Herefordshire: reading the returns (1 of 4)"
    assert lines[-1].startswith("Herefordshire: done in ")
    assert not [line for line in lines if "\r" in line]


def test_nothing_in_the_outputs_names_a_folder_of_this_machine(first_run, data):
    out, _ = first_run
    for path in out.rglob("*"):
        if path.suffix in {".html", ".csv", ".json", ".ipynb"}:
            text = path.read_text(encoding="utf-8")
            assert str(PROJECT) not in text and str(data) not in text, path.name


def test_the_manifest_counts_and_hashes(first_run):
    out, _ = first_run
    entry = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["authorities"]
    entry = entry["herefordshire"]
    assert (entry["status"], entry["attempts"], entry["as_at"]) == ("done", 1, "2025-03-31")
    assert entry["outputs"] == tree_hashes(out / "herefordshire")
    assert entry["parameters"]["data"] and "/" not in entry["parameters"]["data"]
    assert set(entry["tables"]) == {
        path.stem for path in (out / "herefordshire" / "tables").glob("*.csv")
    }


def test_a_second_run_finds_it_up_to_date_and_one_section_again_has_the_same_bytes(
    first_run, checkout, data
):
    out, _ = first_run
    told = [checkout, "run", "herefordshire", "--data", str(data)]
    before = tree_hashes(out / "herefordshire")
    assert command(*told).stdout.endswith("0 done, 1 up to date, 0 failed\n")
    one = command(*told, "--only", "01_small")
    assert one.returncode == 0, one.stderr
    assert "Herefordshire: 01_small (2 of 3)" in one.stderr
    assert tree_hashes(out / "herefordshire") == before


def test_after_a_change_one_section_is_made_again_beside_the_others(
    first_run, checkout, data, tmp_path
):
    """The others stay as they were published; without what decided them one is not put beside."""
    place = tmp_path / "suite"
    shutil.copytree(checkout, place)
    told = [place, "run", "herefordshire", "--data", str(data), "--only", "01_small"]

    def edition() -> str:
        entries = json.loads((place / "outputs" / "manifest.json").read_text(encoding="utf-8"))
        return entries["authorities"]["herefordshire"]["edition"]

    def sections() -> dict[str, str]:
        return tree_hashes(place / "outputs" / "herefordshire" / "notebooks")

    before, were = edition(), sections()
    notebook(place / "notebooks" / "01_small.ipynb", "small = 2", title="Small again")
    one = command(*told)
    assert one.returncode == 0, one.stderr
    page = (place / "outputs" / "herefordshire" / "appendix.html").read_text(encoding="utf-8")
    assert "Small again" in page and edition() != before
    # The others may count by another definition: the page is for the analyst.
    drafts = [place / "outputs" / "herefordshire" / name
              for name in ("appendix.html", "summary.html", "for-families.html")]
    assert all("Draft: not for publication" in one.read_text("utf-8") for one in drafts)
    assert not [one for one in (checkout / "outputs").rglob("*.html")
                if "Draft: not" in one.read_text("utf-8")]
    assert {name for name, digest in sections().items() if were[name] != digest} == {
        "01_small.ipynb"
    }
    manifest = place / "outputs" / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace(edition(), "0" * 24), encoding="utf-8")
    refused = command(*told)
    assert refused.returncode == 2
    assert "is not in the cache any more" in refused.stderr
    assert (place / "outputs" / "herefordshire" / "appendix.html").read_text("utf-8") == page


def test_a_second_run_is_refused_while_one_is_under_way_and_may_still_look(
    first_run, checkout, data
):
    out, _ = first_run
    told = [checkout, "run", "herefordshire", "--data", str(data)]
    with one_run_at_a_time(out):
        refused = command(*told, "--force")
        looked = command(*told, "--dry-run")
    assert refused.returncode == 2
    assert refused.stderr.startswith("A run into 'outputs' is under way")
    assert looked.stdout == "Herefordshire: up to date\n"
    assert {path.name for path in out.glob(".*")} == set()


def test_bad_input_keeps_the_last_good_appendix_and_stays_private(first_run, checkout, data):
    out, _ = first_run
    last_good = out / "nottingham" / "appendix.html"
    last_good.parent.mkdir()
    last_good.write_text("last good", encoding="utf-8")
    answer = command(checkout, "run", "nottingham", "--data", str(data))
    assert answer.returncode == 3
    assert "column DECOM" in answer.stderr and "Traceback" not in answer.stderr
    assert last_good.read_text(encoding="utf-8") == "last good"
    failure = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert failure["authorities"]["nottingham"]["failure"]["kind"] == "bad input"
    assert "DECOM" not in (out / "index.html").read_text(encoding="utf-8")
    again = command(checkout, "run", "--only-failed", "--dry-run", "--data", str(data))
    assert again.stdout == "Nottingham: would run (failed last time)\n"
    everyone = command(checkout, "run", "--all", "--data", str(data))
    assert everyone.returncode == 1
    assert everyone.stdout.endswith("0 done, 1 up to date, 1 failed: Nottingham\n")


def test_an_internal_run_says_so_and_a_public_one_puts_it_aside(
    checkout, data, tmp_path
):
    told = [checkout, "run", "herefordshire", "--data", str(data), "--out", str(tmp_path / "out")]
    assert command(*told, "--audience", "internal").returncode == 0
    exceptions = tmp_path / "out" / "herefordshire" / "internal" / "exceptions.csv"
    first = exceptions.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("severity,rule,source_file,source_line,column,")
    for page in ("index.html", "herefordshire/appendix.html"):
        text = (tmp_path / "out" / page).read_text(encoding="utf-8")
        assert "INTERNAL – NOT FOR PUBLICATION" in text
    answer = command(*told, "--timeout", "0.01")
    assert answer.returncode == 4 and "allow more with --timeout" in answer.stderr
    assert not list((tmp_path / "out").rglob("internal"))
    assert not (tmp_path / "out" / "herefordshire").exists()
    assert (tmp_path / "out-internal" / "herefordshire" / "appendix.html").is_file()
    assert "INTERNAL" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
