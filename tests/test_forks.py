"""Kernels forked from a process with the libraries: real ones, in a process of their own.

The tests' own process has threads, which a fork would leave in pieces, so all this is done by a
script that is run once, and its findings are looked at one by one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from sufficiency_lib.errors import SufficiencyError
from sufficiency_lib.runs.forks import can_fork

PROJECT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system starts ordinary kernels")

SCRIPT = '''
import json, os, sys, time
from pathlib import Path
scratch, found = Path(sys.argv[1]), {}

from sufficiency_lib.runs.kernels import kernel_config, quieten, ready_forks
quieten(scratch)

import nbformat, psutil
from papermill import execute_notebook

def notebook(*cells):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python"}
    path = scratch / "one.ipynb"
    nbformat.write(made, path)
    return path

def ran(number, *cells):
    done = execute_notebook(
        notebook(*cells), None, {}, kernel_name="python3", progress_bar=False, cwd=scratch,
        config=kernel_config(scratch, number, forks), shutdown_kernel="immediate", start_timeout=60)
    return json.loads(done.cells[-1].outputs[0]["text"])

with ready_forks(True) as forks:
    zygote = psutil.Process().children()[0]
    tell = (
        "import json, os, sys\\n"
        "print(json.dumps({'pid': os.getpid(), 'parent': os.getppid(), 'cwd': os.getcwd(),"
        " 'leads': os.getpgid(0) == os.getpid(), 'hash': hash('a'),"
        " 'argv': sys.argv[0], 'there': 'statsmodels' in sys.modules,"
        " 'slow': [n for n in ('rfc3987_syntax', 'polars', 'duckdb') if sys.modules.get(n)],"
        " 'quiet': os.environ['MPLBACKEND'], 'threads': os.environ['OPENBLAS_NUM_THREADS']}))"
    )
    found["first"], found["second"] = ran(0, tell), ran(1, "kept = 1", tell)
    found["zygote"] = zygote.pid
    try:
        ran(2, "import os, signal\\nos.kill(os.getpid(), signal.SIGKILL)")
    except BaseException as error:
        found["killed"] = type(error).__name__
    found["after"] = ran(3, tell)["there"]
    try:
        ran(4, "import json\\nprint(json.dumps('kept' in dir()))\\n1 / 0")
    except BaseException as error:
        found["wrong"] = type(error).__name__
    long = forks.start(["-f", str(scratch / "none.json")], dict(os.environ), scratch)
    found["alive"] = long.poll() is None
    long.terminate()
    found["told"] = long.wait(10)
    found["unknown"] = forks.ask("poll", 1)
    last = forks.start(["-f", str(scratch / "none2.json")], dict(os.environ), scratch)
found["left"] = [p for p in (last.pid, zygote.pid) if psutil.pid_exists(p)]
try:
    forks.ask("poll", last.pid)
except Exception as error:
    found["gone"] = [type(error).__name__, str(error)]
print(json.dumps(found))
'''

#: Starts one kernel, with little imported, says so, and waits to be killed.
LEFT_ALONE = '''
import os, sys, time
from sufficiency_lib.runs import kernels
from sufficiency_lib.runs.kernels import ready_forks
kernels.WARM = "ipykernel.kernelapp"
with ready_forks(True) as forks:
    one = forks.start(["-f", os.path.join(sys.argv[1], "none.json")], dict(os.environ), sys.argv[1])
    print(one.pid, flush=True)
    time.sleep(60)
'''


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *filter(None, [
        os.environ.get("PYTHONPATH")])])}


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict:
    place = tmp_path_factory.mktemp("forks")
    script = place / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    told = subprocess.run([sys.executable, str(script), str(place)], capture_output=True,
                          text=True, env=environment())
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout.splitlines()[-1])


def test_a_kernel_is_the_ready_process_gone_on_as_another(found):
    first, second = found["first"], found["second"]
    assert first["there"] and first["parent"] == second["parent"] == found["zygote"]
    assert first["pid"] != second["pid"]
    assert first["hash"] == second["hash"]


def test_a_kernel_has_its_own_folder_group_and_settings(found):
    first = found["first"]
    assert first["leads"] and first["argv"].startswith("ipykernel_launcher")
    assert Path(first["cwd"]).name.startswith("forks")
    assert (first["quiet"], first["threads"]) == ("agg", "1")


def test_what_takes_long_to_import_or_cannot_be_forked_is_not_there(found):
    assert found["first"]["slow"] == []


def test_a_kernel_that_dies_is_noticed_and_the_next_one_starts(found):
    assert found["killed"] == "DeadKernelError" and found["after"] is True


def test_an_error_in_a_cell_is_what_papermill_makes_of_it(found):
    assert found["wrong"] == "PapermillExecutionError"


def test_a_kernel_can_be_told_to_end(found):
    assert found["alive"] and found["told"] == -15 and found["unknown"] is None


def test_closing_ends_the_process_and_its_kernels(found):
    assert found["left"] == []
    assert found["gone"] == [SufficiencyError.__name__,
                             "The process that starts kernels has ended."]


def test_kernels_end_when_what_started_them_is_killed(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(LEFT_ALONE, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE,
                          text=True, env=environment()) as running:
        kernel = psutil.Process(int(running.stdout.readline()))
        zygote = kernel.parent()
        running.kill()
        psutil.wait_procs([kernel, zygote], timeout=20)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and (kernel.is_running() or zygote.is_running()):
            time.sleep(0.05)
    for process in (kernel, zygote):
        assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
