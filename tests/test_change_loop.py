"""A definition is edited and seen: in the next cell that is run, and in the one section."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from sufficiency_lib import dataset
from sufficiency_lib.metrics.stock import on_date
from sufficiency_lib.settings import run_parameters

PROJECT = Path(__file__).resolve().parents[1]
LINE = "episodes[column] <= limit"

#: The cells of a notebook as they are, one of them run again after the library was edited.
ANALYST = """
import json, sys, time
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
told = json.loads(sys.argv[1])

def run(cell):
    done = shell.run_cell(cell)
    done.raise_error()
    return done.result

run("%load_ext autoreload")
run("%autoreload 2")
run(told["parameters"])
run(told["setup"])
cell = told["measure"] + "\\nnear.set_index(['rule', 'cohort'])['within']['home_20_miles']['all']"
before = run(cell)
place = Path(told["file"])
edited = place.read_text(encoding="utf-8").replace(told["line"], told["edit"])
time.sleep(1.1)  # autoreload goes by whole seconds of a file's date
place.write_text(edited, encoding="utf-8")
after = run(cell)
run("page.table('locality', near)")
print(json.dumps([int(before), int(after)]))
"""


def test_a_definition_that_is_edited_counts_in_the_next_cell_that_is_run(
    tmp_path: Path, sample_dir: Path
) -> None:
    """autoreload: neither the kernel nor the cells before are started again."""
    copy = tmp_path / "suite"
    shutil.copytree(PROJECT / "sufficiency_lib", copy / "sufficiency_lib",
                    ignore=shutil.ignore_patterns("__pycache__"))
    cells = json.loads((PROJECT / "notebooks" / "04_locality.ipynb").read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    told = {
        "parameters": code[0].replace('data: str = ""', f"data: str = {str(sample_dir)!r}"),
        "setup": code[1],
        "measure": next(one for one in code if one.startswith("near = locality.locality(")),
        "file": str(copy / "sufficiency_lib" / "metrics" / "locality.py"),
        "line": LINE,
        "edit": LINE.replace("<= limit", "< limit - 15"),
    }
    env = {**os.environ, "PYTHONPATH": str(copy), "IPYTHONDIR": str(tmp_path / "ipython")}
    ran = subprocess.run(
        [sys.executable, "-c", ANALYST, json.dumps(told)],
        capture_output=True, text=True, env=env, cwd=tmp_path,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    before, after = json.loads(ran.stdout.splitlines()[-1])
    study = dataset.load(run_parameters(authority="herefordshire", data=sample_dir))
    miles = on_date(study.episodes, study.as_at)["distance_miles"]
    assert [before, after] == [(miles <= 20).sum(), (miles < 5).sum()] and after < before
