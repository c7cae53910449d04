"""How jupyter_client starts a kernel here: by a fork, where it would have run a command.

This is jupyter_client's own extension point, a kernel provisioner. Everything else of a kernel,
its sockets, messages and end, is as it always is.
"""

from __future__ import annotations

import os
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Any as AnyTrait

NAME = "sufficiency-fork"

#: What stands before the arguments of a kernel's command: python, -m and the launcher's name.
_COMMAND = 3


class ForkProvisioner(LocalProvisioner):
    """Starts kernels with `runs.forks.Forks`."""

    forks = AnyTrait(help="the Forks to start kernels with").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Fork a kernel for the arguments of a command."""
        cwd = kwargs.get("cwd") or os.getcwd()
        self.process = self.forks.start(cmd[_COMMAND:], kwargs["env"], cwd)
        # Signals go by way of the forking process, which knows when a kernel leads a group.
        self.pid, self.pgid, self.cwd = self.process.pid, None, cwd
        return self.connection_info


def use_forks() -> None:
    """Have every kernel that this process starts be forked."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(
        NAME, f"{ForkProvisioner.__module__}:{ForkProvisioner.__name__}",
        KernelProvisionerFactory.GROUP_NAME,
    )
    factory.default_provisioner_name = NAME
