"""A run on a cluster of real processes: what is lost is done again, what is wrong is refused."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cluster_stand_in import TAKEN, work

from sufficiency_lib import runs
from sufficiency_lib.errors import ConfigurationError, SufficiencyError
from sufficiency_lib.intake.folders import AuthorityFolder
from sufficiency_lib.runs import parcel, plan
from sufficiency_lib.runs.cluster import cluster
from sufficiency_lib.runs.conduct import carry_out
from sufficiency_lib.runs.lock import SCRATCH
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.runs.task import Progress, Task
from sufficiency_lib.runs.unit import Unit, do_unit, inputs_hash, version
from sufficiency_lib.settings import RunParameters

TESTS = Path(__file__).parent
_PATIENCE_SECONDS = 60
NOTEBOOK = "the notebook"


# --- a folder as bytes -----------------------------------------------------------------------


def test_a_folder_comes_back_as_it_was(tmp_path):
    built, back = tmp_path / "built", tmp_path / "back"
    (built / "tables").mkdir(parents=True)
    (built / "appendix.html").write_bytes("£ and …\r\n".encode())
    (built / "tables" / "headline.csv").write_bytes(bytes(range(256)))
    back.mkdir()
    parcel.unpack(parcel.pack(built), back)
    assert {path.relative_to(back).as_posix(): path.read_bytes()
            for path in back.rglob("*") if path.is_file()} == {
        "appendix.html": "£ and …\r\n".encode(), "tables/headline.csv": bytes(range(256)),
    }  # fmt: skip


def archive(*names: str, mode: int = 0) -> bytes:
    """An archive whose files have these names, just as they are written here."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name in names:
            one = zipfile.ZipInfo()
            one.filename, one.external_attr = name, mode << 16
            made.writestr(one, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    "packed",
    [
        archive("good", "../x"), archive("a/../../x"), archive("/x"), archive("..\\x"),
        archive("C:x"), archive("a/"), archive("a", "A"),
        archive("x", mode=stat.S_IFLNK | 0o777), archive("good")[:-9], b"",
    ],
)  # fmt: skip
def test_what_leads_out_of_the_folder_is_refused_whole(tmp_path, packed):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    with pytest.raises(SufficiencyError, match="outputs that came back"):
        parcel.unpack(packed, inside)
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "b"]


def test_far_too_much_is_neither_sent_nor_taken(tmp_path, monkeypatch):
    (tmp_path / "one").write_bytes(b"x" * 50)
    packed = parcel.pack(tmp_path)
    monkeypatch.setattr(parcel, "MOST_BYTES", 49)
    with pytest.raises(SufficiencyError, match="more than an appendix can need"):
        parcel.pack(tmp_path)
    with pytest.raises(SufficiencyError, match="more than an appendix can need"):
        parcel.unpack(packed, tmp_path)


# --- a unit on a worker, without a cluster ---------------------------------------------------


def unit_of(tmp_path: Path, **changed: object) -> Unit:
    parameters = RunParameters(authority="good", data=data_of(tmp_path, "good"))
    task = Task("good", parameters, (), tmp_path, tmp_path, tmp_path / "logs" / "good.log")
    unit = Unit("run", task, {}, {}, inputs_hash(parameters), version(), step_limit=60)
    return replace(unit, **changed)


def data_of(tmp_path: Path, *slugs: str) -> Path:
    for slug in slugs:
        (tmp_path / "data" / slug).mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / slug / "episodes.csv").write_text(slug, encoding="utf-8")
    return tmp_path / "data"


def refused(unit: Unit) -> tuple[str | None, str]:
    done = do_unit(unit, never, where="tcp://w:1", on_progress=lambda step: None)
    assert not done.built
    return done.outcome.failure, done.outcome.message


def never(task: Task, tell: Callable) -> None:
    raise AssertionError("the work is not to be started")


def test_a_worker_that_does_not_see_the_same_says_so_and_starts_nothing(tmp_path):
    unit = unit_of(tmp_path)
    other = {**version(), "its packages": "others"}
    failure, said = refused(replace(unit, version=other))
    assert failure == "configuration"
    assert said == "The worker tcp://w:1 has another version of the suite or of its packages."
    failure, said = refused(replace(unit, inputs="others"))
    assert (failure, said) == (
        "bad input",
        "The worker tcp://w:1 sees other files in the data folder; share the folder with every "
        "worker at the same path.",
    )
    data = tmp_path / "data"
    data.rename(tmp_path / "elsewhere")
    failure, said = refused(unit)
    assert failure == "bad input"
    assert said.startswith(f"The worker tcp://w:1 has no folder '{data}'; share")


# --- a cluster -------------------------------------------------------------------------------


class Dask:
    """A scheduler and its workers: real processes, each in a group of its own to be lost with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "t"
        self.temporary.mkdir()
        self.workers: list[subprocess.Popen] = []
        file = folder / "scheduler.json"
        self.scheduler = self._started(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)
        )
        wait_for(lambda: is_whole(file))
        self.address = json.loads(file.read_text(encoding="utf-8"))["address"]

    def _started(self, *command: str) -> subprocess.Popen:
        paths = os.pathsep.join([str(TESTS.parent), str(TESTS), *filter(None, sys.path)])
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *command, "--no-dashboard"],
            env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(self.temporary)},
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def start_worker(self, *options: str) -> None:
        self.workers.append(
            self._started("worker", self.address, "--nthreads", "1", "--memory-limit", "0",
                          "--local-directory", str(self.folder / "dask"), *options)
        )  # fmt: skip

    def wait_for_workers(self, number: int) -> None:
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=_PATIENCE_SECONDS)

    def lose_worker(self, pid: int | None = None) -> None:
        """Kill the worker, with its nanny, that the process belongs to; or the only one."""
        group = os.getpgid(pid) if pid else self.workers[0].pid
        os.killpg(group, signal.SIGKILL)
        self.workers = [worker for worker in self.workers if worker.pid != group]

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    pytest.importorskip("distributed", reason="dask.distributed is not installed")
    if os.name == "nt":
        pytest.skip("Windows has no process groups to lose")
    started = Dask(tmp_path_factory.mktemp("dask"))
    yield started
    started.close()


def wait_for(seen: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_whole(file: Path) -> bool:
    """Whether a file of JSON is there and written to its end."""
    try:
        return bool(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def planned(data: Path, slug: str) -> plan.Planned:
    notebook = data / "01_one.ipynb"
    notebook.write_text(NOTEBOOK, encoding="utf-8")
    found = AuthorityFolder(data / slug, None, slug.title(), slug)
    parts = {name: "1" for name in plan.PARTS}
    parameters = RunParameters(authority=slug, data=data)
    return plan.Planned(found, parameters, (notebook,), {}, parts, "never run")


def carried_out(tmp_path: Path, address: str, *slugs: str, on_progress: Callable, **cluster_has):
    data, outputs = data_of(tmp_path, *slugs), OutputFolder(tmp_path / "outputs")
    outputs.prepare()
    with cluster(address, **cluster_has) as runner:
        outcomes = carry_out(
            [planned(data, slug) for slug in slugs],
            outputs=outputs, manifest=Manifest.read(outputs.root), logs=tmp_path / "logs",
            jobs=1, step_limit=30, on_progress=on_progress, on_outcome=lambda outcome: None,
            work=work, runner=runner,
        )  # fmt: skip
    return outputs, {outcome.slug: outcome for outcome in outcomes}


def test_what_a_lost_worker_had_is_done_by_another(tmp_path, dask):
    with pytest.raises(ConfigurationError, match=f"no workers; .* dask worker {dask.address}$"):
        carried_out(tmp_path, dask.address, "good", on_progress=never)
    # One as dask starts them, by a nanny that would start it again; one by itself.
    dask.start_worker()
    dask.start_worker("--no-nanny")
    dask.wait_for_workers(2)
    slugs = ["lost", "bad", "good", "fine"]
    taken, steps = tmp_path / "data" / TAKEN, []

    def on_progress(step: Progress) -> None:
        steps.append(step.slug)
        if taken.exists() and len(dask.workers) == 2:
            dask.lose_worker(int(taken.read_text(encoding="utf-8")))

    outputs, ended = carried_out(tmp_path, dask.address, *slugs, on_progress=on_progress)
    assert len(dask.workers) == 1
    assert {slug: outcome.failure for slug, outcome in ended.items()} == {
        slug: "bad input" if slug == "bad" else None for slug in slugs
    }
    good = [slug for slug in slugs if slug != "bad"]
    assert {path.parent.name: path.read_text(encoding="utf-8")
            for path in outputs.root.glob("*/appendix.html")} == {
        slug: f"new {slug}, {NOTEBOOK}" for slug in good
    }  # fmt: skip
    entries = json.loads((outputs.root / "manifest.json").read_text(encoding="utf-8"))
    entries = entries["authorities"]
    assert {slug: entry["status"] for slug, entry in entries.items()} == {
        slug: "failed" if slug == "bad" else "done" for slug in slugs
    }
    assert set(entries["lost"]["outputs"]) == {"appendix.html", "tables/headline.csv"}
    assert str(tmp_path) not in json.dumps(entries)
    # What is wrong with the data is not tried again, and its log is where its sentence says.
    assert (tmp_path / "data" / "bad-times").read_text() == "x"
    log = tmp_path / "logs" / "bad.log"
    assert ended["bad"].message == f"Line 3 is wrong. The log says more: {log}"
    assert log.read_text(encoding="utf-8") == "what bad warned of"
    assert set(steps) == set(slugs) and steps.count("lost") > 1


def test_a_run_can_be_refused_interrupted_and_given_up(tmp_path, dask, monkeypatch):
    if not dask.workers:
        dask.start_worker()
    dask.wait_for_workers(1)
    with monkeypatch.context() as changed:
        changed.setattr(runs.unit, "packages_hash", lambda: "others")
        with pytest.raises(ConfigurationError, match="another version of its packages than this"):
            carried_out(tmp_path, dask.address, "good", on_progress=never)
    assert not (tmp_path / "outputs" / "manifest.json").exists()

    # Ctrl-C stops what workers do; nothing is left of that, nor of what lost workers did.
    with pytest.raises(KeyboardInterrupt):
        carried_out(tmp_path, dask.address, "hangs", "waits",
                    on_progress=lambda step: os.kill(os.getpid(), signal.SIGINT))  # fmt: skip
    wait_for(lambda: not list(dask.temporary.glob(f"{SCRATCH}*")))
    assert not list((tmp_path / "outputs").glob(".building*"))

    # When the last worker is gone, a run is not waited for without end.
    _, ended = carried_out(tmp_path, dask.address, "hangs", lonely_seconds=1,
                           on_progress=lambda step: dask.lose_worker())  # fmt: skip
    assert ended["hangs"].failure == "stopped"
    assert ended["hangs"].message == "The cluster has had no workers for too long."


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense"])
def test_an_address_where_nobody_answers_is_said_soon(address, monkeypatch):
    pytest.importorskip("distributed", reason="dask.distributed is not installed")
    assert runs.cluster.CONNECT_SECONDS < 10
    monkeypatch.setattr(runs.cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(ConfigurationError, match=f"No dask scheduler answers at '{address}'"):
        with cluster(address):
            raise AssertionError("there is no cluster")


@pytest.mark.parametrize(
    ("told", "said"),
    [(None, "needs TLS files, which dask's configuration does not name"),
     ("no-such.pem", "names cannot be used (No such file or directory)")],
    ids=["none", "not there"],
)  # fmt: skip
def test_an_address_with_tls_needs_files_that_are_there(told, said):
    pytest.importorskip("distributed", reason="dask.distributed is not installed")
    import dask

    names = ("ca-file", "client.cert", "client.key")
    with dask.config.set({f"distributed.comm.tls.{name}": told for name in names}):
        with pytest.raises(ConfigurationError, match=re.escape(said)):
            with cluster("tls://127.0.0.1:9"):
                raise AssertionError("there is no cluster")


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr("sufficiency_lib.runs.cluster.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'sufficiency\[cluster\]'"):
        with cluster("tcp://127.0.0.1:9"):
            raise AssertionError("there is no cluster")
