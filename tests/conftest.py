"""What every test may ask for: the synthetic authorities, and the shared material if it is here."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from sufficiency_lib.runs.kernels import pass_over_slow_imports

PROJECT = Path(__file__).resolve().parents[1]

# The same examples every time, so that a run says what changed in the code and not by chance.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")

# As in a run: it takes every process seconds, and nothing here needs it.
pass_over_slow_imports()


def pytest_configure(config: pytest.Config) -> None:
    """Keep what tests cache out of the home of whoever runs them."""
    os.environ["SUFFICIENCY_CACHE"] = str(_kept(config, "library"))


def _kept(config: pytest.Config, name: str) -> Path:
    """A folder kept between runs and shared by workers; a new one where pytest keeps none."""
    cache = getattr(config, "cache", None)
    if cache is None:
        return Path(tempfile.mkdtemp(prefix="sufficiency-tests-"))
    return cache.mkdir(f"sufficiency-{name}")


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    """Let one worker in; where files cannot be locked, everyone."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def sample_dir(request: pytest.FixtureRequest) -> Path:
    """The synthetic authorities with their reference store, as today's source writes them."""
    from sufficiency_lib.runs.samples import current_sample, is_current
    from sufficiency_lib.settings import sample_folder

    if is_current(sample_folder()):
        return sample_folder()
    kept = _kept(request.config, "sample")
    with _one_at_a_time(kept / "lock"):
        current_sample(kept / "sample")
    return kept / "sample"


@pytest.fixture(scope="session")
def outputs_dir(sample_dir: Path, request: pytest.FixtureRequest) -> Path:
    """What `run --all` leaves of the synthetic authorities; what is up to date is not run again."""
    kept = _kept(request.config, "outputs")
    with _one_at_a_time(kept / "lock"):
        told = subprocess.run(
            [sys.executable, "-m", "sufficiency_lib", "run", "--all",
             "--data", str(sample_dir), "--out", str(kept / "public")],
            cwd=PROJECT, capture_output=True, text=True,
        )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return kept / "public"


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of shared material beside the checkout."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared folder is not beside this checkout")
    return folder
