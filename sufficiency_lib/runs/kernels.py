"""Kernels that start reliably side by side.

Kernels listen on sockets in a private folder each. On TCP, ports collide when many kernels
start at once: about one start in 150 fails, and some never return.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sufficiency_lib.runs.fingerprint import LIBRARY
from sufficiency_lib.runs.forks import WARM, Forks
from sufficiency_lib.runs.lock import SCRATCH

if TYPE_CHECKING:
    from traitlets.config import Config

#: The shortest limit on a socket's path among the systems we run on, less the socket's number.
LONGEST_SOCKET_PATH = 100

#: A folder for passing files that every system but Windows has, with a short name.
_SHORT = Path("/tmp")

#: Read by the kernels, which inherit it: the same inputs must give the same bytes, a kernel must
#: not read its user's own start-up files, and authorities side by side must not fight for cores.
QUIET = {
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}

SLOW_IMPORTS = ("rfc3987_syntax",)


def sockets_serve(folder: Path) -> bool:
    """Whether kernels can listen on socket files in `folder`.

    >>> sockets_serve(Path("/" + "deep/" * 30))
    False
    """
    if not hasattr(socket, "AF_UNIX") or os.name == "nt":
        return False
    return len(os.fsencode(folder / "k00" / "s")) <= LONGEST_SOCKET_PATH


def kernel_config(folder: Path, number: int, forks: Forks | None = None) -> Config:
    """Settings for the kernel of one start, with a folder of its own inside `folder`.

    `number` tells starts apart; `forks` starts it, where kernels are forked. Without socket
    files the kernel listens on TCP, where what it says of children is encrypted.
    """
    from traitlets.config import Config

    own = folder / f"k{number:02d}"
    own.mkdir(mode=0o700, exist_ok=True)
    config = Config()
    config.KernelManager.connection_file = str(own / "kernel.json")
    if sockets_serve(folder):
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(own / "s")
    elif _can_encrypt():
        config.KernelManager.transport_encryption = "auto"
    if forks is not None:
        config.ForkProvisioner.forks = forks
    return config


@cache
def _can_encrypt() -> bool:
    """Whether the messages of kernels on TCP can be encrypted with what is installed."""
    from jupyter_client.manager import KernelManager
    from traitlets import TraitError

    try:
        KernelManager(transport_encryption="auto")
    except TraitError:
        return False
    return "transport_encryption" in KernelManager.class_trait_names()


@contextmanager
def ready_forks(wanted: bool) -> Iterator[Forks | None]:
    """What forks this process's kernels; None where kernels are to be ordinary ones.

    To be entered before the process has read anything: a fork wants a process with one thread.
    """
    if not wanted:
        yield None
        return
    import_module(WARM)
    from sufficiency_lib.runs.provisioner import use_forks

    forks = Forks()
    use_forks()
    try:
        yield forks
    finally:
        forks.close()


def scratch_parent() -> Path:
    """Where scratch folders are made: short enough for sockets wherever the system allows it."""
    usual = Path(tempfile.gettempdir())
    longest = usual / f"{SCRATCH}{'0' * 8}" / "000"
    return usual if sockets_serve(longest) or not _SHORT.is_dir() or os.name == "nt" else _SHORT


def scratch_folder() -> Path:
    """A new private folder in it, for whoever sees to its end."""
    return Path(tempfile.mkdtemp(prefix=SCRATCH, dir=scratch_parent()))


@contextmanager
def quiet() -> Iterator[None]:
    """QUIET in this process's environment, for what is started in the block."""
    before = dict(os.environ)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        yield
    finally:
        for name in QUIET.keys() - before.keys():
            del os.environ[name]


def pass_over_slow_imports() -> None:
    """Leave out what is imported where it is installed, takes long, and serves no run.

    JupyterLab brings a check of addresses, for which a grammar is read; jsonschema, by which
    notebooks are checked, does without it.
    """
    for name in SLOW_IMPORTS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def quieten(scratch: Path) -> None:
    """Set this process up for its kernels: repeatable, and away from its user's settings."""
    pass_over_slow_imports()
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    os.environ["IPYTHONDIR"] = str(scratch / "ipython")
    # Kernels work in the scratch folder, and must find this library even if it is not installed.
    found = [str(LIBRARY.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(found)
