"""The libraries that notebooks use, imported: what kernels and authorities are forked from.

Importing this module imports them all. Polars and duckdb, which hang after a fork, are not here.
"""

import gc
from importlib import import_module

from sufficiency_lib.runs.fingerprint import LIBRARY
from sufficiency_lib.runs.kernels import pass_over_slow_imports

#: What the library imports only where it is needed.
_LATER = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.completer", "papermill",
    "papermill.engines", "nbformat", "nbconvert.exporters.html", "nbclient", "jupyter_client",
    "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg", "pyarrow.parquet",
    "pyarrow.dataset", "pyarrow.pandas_compat", "pandera.pandas", "pyogrio", "scipy.ndimage",
    "scipy.optimize", "scipy.sparse", "xlsxwriter", "statsmodels.discrete.discrete_model",
    "statsmodels.stats.proportion",
)  # fmt: skip
#: What no run needs.
_APART = ("sample", "documents", "explore", "cli", "__main__")

pass_over_slow_imports()
# What is imported is kept, so there is nothing to collect meanwhile.
gc.disable()
for _file in sorted(LIBRARY.rglob("*.py")):
    _inside = _file.relative_to(LIBRARY).with_suffix("").parts
    if _inside[0] not in _APART and _inside[-1] != "__init__":
        import_module(".".join((LIBRARY.name, *_inside)))
for _name in _LATER:
    import_module(_name)
gc.enable()

# What is there now stays there: kernels need not look at it again, and share its memory.
gc.collect()
gc.freeze()
