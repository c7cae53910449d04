"""A frame to sort and search in, where the package for it is installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pandas as pd


def browse(frame: pd.DataFrame) -> Any:
    """A frame that can be sorted and searched, by `itables`; without it the frame itself.

    frame  any; it is not changed, and has not passed the gate

    Nothing is fetched from another host: the script stands in the notebook.
    """
    if find_spec("itables") is None:
        return frame
    # By its name, as it is no dependency: whoever wants it has installed it.
    itables = import_module("itables")
    itables.init_notebook_mode(all_interactive=False, connected=False)
    return itables.show(frame, connected=False)
