"""For the analyst's own screen: pick an authority, a day, a cohort and a rule, and look.

Nothing here is part of a report. What is explored passes the page's gate table by table, and no
plan covers it: a cohort of the reader's choice stands in no edition, so that several tables of it
can together give away what each of them hides. So every panel says that it is not for
publication; the appendix is what is published. `00_explore` asks for an internal audience,
because an analyst who decides on a definition needs the figures, and a "c" on their own screen
would protect nobody: the records lie beside it. The functions themselves are public unless the
dataset's parameters say otherwise.

`%load_ext sufficiency_lib.explore` shows every frame of known columns with labels and units, and
lets Tab list only what a module of the library itself defines.
"""

from sufficiency_lib.explore.answer import tables
from sufficiency_lib.explore.browsing import browse
from sufficiency_lib.explore.controls import explorer
from sufficiency_lib.explore.extension import load_ipython_extension, unload_ipython_extension
from sufficiency_lib.explore.looking import look
from sufficiency_lib.explore.panel import show

__all__ = [
    "browse",
    "explorer",
    "load_ipython_extension",
    "look",
    "show",
    "tables",
    "unload_ipython_extension",
]
