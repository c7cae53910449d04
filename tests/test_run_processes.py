"""Runs in processes and kernels of their own: what dies, hangs or is stopped harms nothing else."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from run_stand_in import notebook, planned, work

from sufficiency_lib.errors import InputError
from sufficiency_lib.runs import pool
from sufficiency_lib.runs.conduct import carry_out
from sufficiency_lib.runs.execute import NotebookError, RanOutError, run_authority, run_notebook
from sufficiency_lib.runs.kernels import scratch_folder, sockets_serve
from sufficiency_lib.runs.limits import memory_in_bytes
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.runs.task import Outcome, Task
from sufficiency_lib.settings import RunParameters


def carried_out(
    tmp_path: Path, *slugs: str, limit: float = 60, **told
) -> tuple[OutputFolder, list]:
    """Run the stand-in for these authorities."""
    outputs = OutputFolder(tmp_path / "outputs")
    outputs.prepare()
    usual = {"jobs": 2, "on_progress": lambda step: None, "step_limit": limit}
    outcomes = carry_out(
        [planned(tmp_path, slug) for slug in slugs],
        outputs=outputs,
        manifest=Manifest.read(outputs.root),
        logs=tmp_path / "logs",
        on_outcome=lambda outcome: None,
        work=work,
        **usual | told,
    )
    return outputs, outcomes


# --- side by side ----------------------------------------------------------------------------


def test_what_fails_or_dies_leaves_the_others_and_its_last_good_alone(tmp_path):
    for slug in ("bad", "dies"):
        last = tmp_path / "outputs" / slug
        last.mkdir(parents=True)
        (last / "appendix.html").write_text("last good", encoding="utf-8")
    outputs, outcomes = carried_out(tmp_path, "bad", "good", "dies", "fine")
    ended = {outcome.slug: outcome.failure for outcome in outcomes}
    assert ended == {"bad": "bad input", "good": None, "dies": "stopped", "fine": None}
    pages = {
        path.parent.name: path.read_text(encoding="utf-8")
        for path in outputs.root.glob("*/appendix.html")
    }
    assert pages == {
        "bad": "last good", "dies": "last good", "good": "new good", "fine": "new fine",
    }  # fmt: skip
    assert not [path for path in outputs.root.iterdir() if path.name.startswith(".")]
    assert "memory" in next(o.message for o in outcomes if o.slug == "dies")


def test_what_takes_too_long_is_stopped_and_named(tmp_path):
    outputs, outcomes = carried_out(tmp_path, "hangs", limit=1)
    assert outcomes[0].failure == "time limit"
    assert outcomes[0].message == "01_one took longer than 1 seconds; allow more with --timeout."
    assert not outputs.of("hangs").exists()


def test_a_process_that_dies_as_it_starts_is_started_again_and_counted(tmp_path):
    outputs, outcomes = carried_out(tmp_path, "starts-badly", "never-starts", "good")
    ended = {outcome.slug: (outcome.failure, outcome.tries) for outcome in outcomes}
    assert ended == {"starts-badly": (None, 2), "never-starts": ("stopped", 3), "good": (None, 1)}
    entries = Manifest.read(outputs.root).authorities
    attempts = {slug: entry["attempts"] for slug, entry in entries.items()}
    assert attempts == {"starts-badly": 2, "never-starts": 3, "good": 1}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds to a limit")
def test_what_takes_more_memory_than_allowed_fails_alone(tmp_path):
    _, outcomes = carried_out(tmp_path, "greedy", "good", memory=memory_in_bytes(2))
    said = {outcome.slug: (outcome.failure, outcome.message) for outcome in outcomes}
    assert said["good"] == (None, "")
    assert said["greedy"] == (
        "stopped", "It ran out of memory; run fewer at once with --jobs."
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
def test_stopping_many_takes_no_longer_than_stopping_one(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "_GRACE_SECONDS", 2.0)
    began = []

    def stops(step):
        began.append(time.monotonic())
        if len(began) == 3:
            raise KeyboardInterrupt

    slugs = ("deaf-1", "deaf-2", "deaf-3")
    with pytest.raises(KeyboardInterrupt):
        carried_out(tmp_path, *slugs, jobs=3, on_progress=stops)
    assert 1.5 < time.monotonic() - began[-1] < 5
    assert Manifest.read(tmp_path / "outputs").failures() == list(slugs)


def test_manifest_and_front_after_a_run_are_public(tmp_path):
    outputs, _ = carried_out(tmp_path, "bad", "good")
    text = (outputs.root / "manifest.json").read_text(encoding="utf-8")
    assert "SECRET" not in text and str(tmp_path) not in text
    entries = json.loads(text)["authorities"]
    assert entries["bad"]["failure"] == {
        "kind": "bad input", "message": "The returns could not be read as they stand.",
    }  # fmt: skip
    assert set(entries["good"]["outputs"]) == {"appendix.html", "tables/headline.csv"}
    with (outputs.root / "summary.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["authority"], row["metric"], row["value"]) for row in rows] == [
        ("Good", "rate", "84.3")
    ]
    index = (outputs.root / "index.html").read_text(encoding="utf-8")
    assert "Good" in index and "Bad" in index and "SECRET" not in index


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_nothing_under_way(tmp_path, sent, code):
    script = (
        "import sys\nfrom pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "if __name__ == '__main__':\n"
        "    import test_run_processes\n"
        "    try:\n"
        f"        test_run_processes.carried_out(Path({str(tmp_path)!r}), 'hangs', 'hangs-too')\n"
        "    except KeyboardInterrupt:\n"
        "        sys.exit(130)\n"
    )
    file = tmp_path / "interrupted.py"
    file.write_text(script, encoding="utf-8")
    temporary = tmp_path / "t"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen([sys.executable, str(file)], env=environment)
    began = tmp_path / "outputs" / ".building-hangs-too" / "appendix.html"
    while not began.exists() and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(sent)
    assert running.wait(timeout=60) == code
    assert not list(temporary.glob("sf-*"))
    assert not list((tmp_path / "outputs").glob(".*"))
    assert (tmp_path / "outputs" / "manifest.json").is_file()


# --- notebooks in real kernels ---------------------------------------------------------------


@pytest.fixture
def scratch(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    folder = scratch_folder()
    yield folder
    shutil.rmtree(folder)


def test_a_notebook_gets_its_parameters_as_text_and_a_private_socket(tmp_path, scratch):
    path = notebook(
        tmp_path / "01_one.ipynb",
        "import json, pathlib, ipykernel.connect as c\n"
        "info = json.loads(pathlib.Path(c.get_connection_file()).read_text())\n"
        "[authority, as_at, data, info['transport']]",
    )
    told = RunParameters(authority="007", data=Path("/srv/returns"))
    ran = run_notebook(path, told, scratch)
    transport = "ipc" if sockets_serve(scratch) else "tcp"
    assert ran.cells[-1].outputs[0].data["text/plain"] == (
        f"['007', '', '{Path('/srv/returns')}', '{transport}']"
    )


def test_a_sentence_of_ours_comes_back_from_a_kernel_as_itself(tmp_path, scratch):
    path = notebook(
        tmp_path / "01_one.ipynb",
        "from sufficiency_lib.errors import InputError\nraise InputError('line 3 is wrong.')",
    )
    with pytest.raises(InputError, match=r"^line 3 is wrong\.$"):
        run_notebook(path, RunParameters(authority="a"), scratch)


def test_any_other_error_names_the_notebook_and_no_value(tmp_path, scratch):
    path = notebook(tmp_path / "01_one.ipynb", "1", "raise ValueError('child 123')")
    with pytest.raises(NotebookError, match=r"^01_one stopped at cell \d: ValueError\.$"):
        run_notebook(path, RunParameters(authority="a"), scratch)


def test_a_kernel_that_does_not_come_up_is_started_again(tmp_path, scratch, monkeypatch):
    import papermill

    real, starts = papermill.execute_notebook, []

    def fails_first(*told, **options):
        starts.append(options["config"].KernelManager.connection_file)
        if len(starts) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return real(*told, **options)

    monkeypatch.setattr(papermill, "execute_notebook", fails_first)
    path = notebook(tmp_path / "01_one.ipynb", "1 + 1")
    again = []
    ran = run_notebook(path, RunParameters(authority="a"), scratch, on_again=again.append)
    assert ran.cells[-1].outputs[0].data["text/plain"] == "2"
    assert len(set(starts)) == 2 and again == ["01_one"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
def test_a_kernel_that_dies_in_a_cell_is_said_and_not_started_again(tmp_path, scratch):
    path = notebook(
        tmp_path / "01_one.ipynb",
        f"open({str(tmp_path / 'starts')!r}, 'a').write('x')",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    )
    said = r"^01_one: its kernel died; the machine may have run out of memory\.$"
    with pytest.raises(RanOutError, match=said):
        run_notebook(path, RunParameters(authority="a"), scratch)
    assert (tmp_path / "starts").read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize(
    ("raised", "said"),
    [("MemoryError()", "it ran out of memory; run fewer at once with --jobs"),
     ("OSError(28, 'No space left on device')", "there is no room left on the disk")],
)  # fmt: skip
def test_what_a_cell_ran_out_of_is_said(tmp_path, scratch, raised, said):
    path = notebook(tmp_path / "01_one.ipynb", f"raise {raised}")
    with pytest.raises(RanOutError, match=f"^01_one: {said}\\.$"):
        run_notebook(path, RunParameters(authority="a"), scratch)


def test_bad_input_is_told_before_a_notebook_starts(tmp_path, monkeypatch):
    from sufficiency_lib import dataset

    def refuses(parameters):
        raise InputError("episodes.csv, line 3, column DECOM: found 'soon'.")

    monkeypatch.setattr(dataset, "load", refuses)
    for name in ("IPYTHONDIR", "PYTHONPATH"):
        monkeypatch.setenv(name, "")
    task = Task(
        slug="a",
        parameters=RunParameters(authority="a"),
        notebooks=(tmp_path / "no_such.ipynb",),
        building=tmp_path,
        scratch=tmp_path,
        log=tmp_path / "logs" / "a.log",
    )
    outcome = run_authority(task, lambda step: None)
    assert outcome == Outcome(
        "a", "bad input", "episodes.csv, line 3, column DECOM: found 'soon'."
    )
    assert "Traceback" in task.log.read_text(encoding="utf-8")
