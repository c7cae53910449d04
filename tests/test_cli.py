"""The command line: what it says, where it says it, and its exit codes."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sufficiency_lib import __version__
from sufficiency_lib.cli import main
from sufficiency_lib.errors import InputError
from sufficiency_lib.runs.fingerprint import tree_hashes

PROJECT = Path(__file__).resolve().parents[1]
NO_FOLDER = "There is no folder 'nowhere'; check the path."


def said(*told: str) -> Result:
    """What a command answers, in this process."""
    return CliRunner().invoke(main, list(told))


# --- sentences and exit codes ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (["run"], "Say which authorities to run, or --all."),
        (["run", "nottingham", "--all"], "Say which authorities to run, or --all."),
        (["run", "nottingham", "--data", "nowhere"], NO_FOLDER),
        (["run", "nottingham", "--reference", "nowhere"], NO_FOLDER),
        (["check", "nottingham", "--data", "nowhere"], NO_FOLDER),
        (["run", "nottingham", "--audience", "press"], "'press' is not one of"),
        (["run", "nottingham", "--jobs", "0"], "0 is not in the range"),
        (["run", "nottingham", "--quickly"], "No such option"),
        (["fly"], "No such command 'fly'"),
        (["reference"], "Missing option '--postcodes'"),
    ],
)
def test_a_wrong_setting_is_one_sentence_and_2(told, sentence):
    answer = said(*told)
    assert answer.exit_code == 2
    assert sentence in answer.stderr and answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1


def test_bad_input_is_its_sentence_and_3(monkeypatch):
    from sufficiency_lib import dataset

    def refuses(parameters):
        raise InputError("2024/episodes.csv, line 14, column DECOM: found 'soon'.")

    monkeypatch.setattr(dataset, "load", refuses)
    answer = said("check", "nottingham")
    assert answer.exit_code == 3
    assert answer.stderr == "2024/episodes.csv, line 14, column DECOM: found 'soon'.\n"


def test_what_nobody_foresaw_is_a_sentence_and_the_rest_is_in_a_private_log(monkeypatch, tmp_path):
    from sufficiency_lib import dataset

    def breaks(parameters):
        raise ZeroDivisionError("child 123")

    monkeypatch.setattr(dataset, "load", breaks)
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    answer = said("check", "nottingham")
    log = tmp_path / "logs" / "command.log"
    assert answer.exit_code == 1
    assert answer.stderr == (
        f"Something unexpected went wrong (ZeroDivisionError); the log says more: {log}\n"
    )
    assert "child 123" in log.read_text(encoding="utf-8")


def test_ctrl_c_is_a_sentence_and_130(monkeypatch):
    from sufficiency_lib import dataset

    def interrupted(parameters):
        raise KeyboardInterrupt

    monkeypatch.setattr(dataset, "load", interrupted)
    answer = said("check", "nottingham")
    assert answer.exit_code == 130 and answer.stderr.startswith("Interrupted: ")


def test_help_lists_every_command_without_importing_what_is_heavy():
    code = (
        "import sys; from sufficiency_lib.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'numpy', 'papermill', 'pydantic'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    for name in ("sample", "reference", "check", "run", "lab", "documents"):
        assert f"\n  {name} " in told.stdout
    assert told.stdout.endswith("[]\n")


def test_version_is_the_package_s():
    assert said("--version").output == f"sufficiency, version {__version__}\n"


# --- sample ----------------------------------------------------------------------------------


def test_a_sample_is_written_once(sample_dir, tmp_path):
    folder = tmp_path / "sample"
    shutil.copytree(sample_dir, folder)
    before = tree_hashes(folder)
    answer = said("sample", "--to", str(folder))
    assert (answer.exit_code, answer.output) == (0, f"Synthetic authorities are in {folder}\n")
    (folder / ".written-by").write_text("an earlier version", encoding="utf-8")
    (folder / "nottingham" / "2025" / "episodes.csv").unlink()
    answer = said("sample", "--to", str(folder))
    assert answer.output == f"Synthetic authorities written to {folder}\n"
    assert tree_hashes(folder) == before


def test_a_folder_of_something_else_is_never_replaced_by_the_sample(tmp_path):
    (tmp_path / "returns.csv").write_text("mine", encoding="utf-8")
    answer = said("sample", "--to", str(tmp_path))
    assert answer.exit_code == 2
    assert "holds something other than the sample, which would be lost" in answer.stderr
    assert (tmp_path / "returns.csv").read_text(encoding="utf-8") == "mine"


# --- reference -------------------------------------------------------------------------------


def test_a_reference_store_is_built_and_says_from_what(sample_dir, tmp_path):
    raw = sample_dir / "reference" / "raw"
    answer = said(
        "reference", "--postcodes", str(raw / "postcodes.csv"),
        "--boundaries", str(raw / "boundaries.geojson"),
        "--release", "synthetic", "--to", str(tmp_path / "store"),
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    lines = answer.output.splitlines()
    assert lines[0] == f"Reference store built in {tmp_path / 'store'}"
    assert lines[1].startswith("  postcodes: postcodes.csv, ") and lines[1].endswith(" rows")
    built, kept = (
        json.loads((store / "provenance.json").read_text(encoding="utf-8"))
        for store in (tmp_path / "store", sample_dir / "reference" / "store")
    )
    assert built == kept


def test_a_postcode_file_that_is_not_there_is_a_sentence(tmp_path):
    answer = said("reference", "--postcodes", str(tmp_path / "none.csv"), "--to", str(tmp_path))
    assert answer.exit_code in (2, 3) and len(answer.stderr.splitlines()) == 1


# --- check -----------------------------------------------------------------------------------


def test_check_says_what_was_read_and_found(sample_dir):
    answer = said("check", "Herefordshire", "--data", str(sample_dir))
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("Herefordshire at 31/03/2025\n\nRead:\n")
    assert "  2025/episodes.csv: episodes, " in answer.output
    assert "Read as meant, moves no figure:\n" in answer.output


def test_check_repeats_no_child_s_identifier(sample_dir):
    answer = said("check", "nottingham", "--data", str(sample_dir))
    with (sample_dir / "nottingham" / "2025" / "header.csv").open(encoding="utf-8-sig") as lines:
        children = [row["CHILD"] for row in csv.DictReader(lines)]
    assert children and not [child for child in children if f"'{child}'" in answer.output]


# --- run -------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_run_and_writes_nothing(sample_dir, tmp_path):
    answer = said("run", "--all", "--data", str(sample_dir), "--out", str(tmp_path / "out"),
                  "--dry-run")  # fmt: skip
    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        "Brighton and Hove: would run (never run)",
        "Herefordshire: would run (never run)",
        "Nottingham: would run (never run)",
    ]
    assert not (tmp_path / "out").exists()


def test_an_authority_asked_for_twice_is_run_once(sample_dir, tmp_path):
    answer = said("run", "E06000019", "herefordshire", "--data", str(sample_dir), "--out",
                  str(tmp_path), "--dry-run")  # fmt: skip
    assert answer.output == "Herefordshire: would run (never run)\n"


def test_an_unknown_authority_stops_before_anything_is_run(sample_dir, tmp_path):
    answer = said("run", "herefordshire", "narnia", "--data", str(sample_dir), "--out",
                  str(tmp_path / "out"))  # fmt: skip
    assert answer.exit_code == 2 and "'narnia' is not an authority we know" in answer.stderr
    assert not (tmp_path / "out").exists()


def test_a_data_folder_without_returns_is_a_sentence(tmp_path):
    answer = said("run", "--all", "--data", str(tmp_path), "--out", str(tmp_path / "out"))
    assert answer.exit_code == 2
    assert "holds SSDA903 episodes" in answer.stderr


def test_check_prints_everything_that_would_stop_a_run(tmp_path, sample_dir):
    data = tmp_path / "data"
    shutil.copytree(sample_dir / "herefordshire", data / "herefordshire")
    file = data / "herefordshire" / "2024" / "episodes.csv"
    lines = file.read_text().splitlines()
    cells = [line.split(",") for line in lines]
    decom, dec = (cells[0].index(name) for name in ("DECOM", "DEC"))
    cells[4][decom], cells[6][dec], cells[8][decom] = "soon", "later", "31/02/2024"
    file.write_text("\n".join(",".join(row) for row in cells) + "\n")
    store = str(sample_dir / "reference" / "store")
    arguments = ["check", "herefordshire", "--data", str(data), "--reference", store]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 3
    assert "Stops the run:" in result.output and "Moves a figure:" in result.output
    assert "2024/episodes.csv, line 5, column DECOM: found 'soon'" in result.output
    assert "line 9, column DECOM: found '31/02/2024'" in result.output
