"""The IPython extension: frames with their labels, and Tab with a module's own names alone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sufficiency_lib.explore.completing import tidy_modules, untidy_modules
from sufficiency_lib.explore.looking import frame_html

_HTML = "text/html"
#: After each cell, as it may have imported another module.
_AFTER = "post_run_cell"


def load_ipython_extension(ip: Any) -> None:
    """Show every frame of known columns as `look` does, and tidy what Tab lists.

    ip  the shell; `%load_ext sufficiency_lib.explore` calls this with it
    """
    ip.display_formatter.formatters[_HTML].for_type(pd.DataFrame, frame_html)
    tidy_modules()
    ip.events.register(_AFTER, _after_cell)


def unload_ipython_extension(ip: Any) -> None:
    """Show frames, and list names, as they would be without it."""
    ip.display_formatter.formatters[_HTML].pop(pd.DataFrame, None)
    ip.events.unregister(_AFTER, _after_cell)
    untidy_modules()


def _after_cell(_: Any) -> None:
    tidy_modules()
