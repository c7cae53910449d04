"""The libraries that notebooks use, imported: what kernels and authorities are forked from.

Importing this module imports them all. Polars and duckdb, which hang after a fork, are not here.
"""

import gc
from importlib import import_module
from pkgutil import walk_packages

import sufficiency_lib

#: What the library imports only where it is needed.
_LATER = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.completer", "papermill",
    "papermill.engines", "nbformat", "nbconvert.exporters.html", "nbclient", "jupyter_client",
    "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg", "pyarrow.parquet",
    "pyogrio", "scipy.optimize", "scipy.sparse", "statsmodels.api", "xlsxwriter",
)  # fmt: skip
#: Rooms that no run needs.
_APART = ("sufficiency_lib.sample", "sufficiency_lib.documents", "sufficiency_lib.cli",
          "sufficiency_lib.__main__")

for _found in walk_packages(sufficiency_lib.__path__, "sufficiency_lib."):
    if not _found.name.startswith(_APART) and _found.name != __name__:
        import_module(_found.name)
for _name in _LATER:
    import_module(_name)

# What is there now stays there: kernels need not look at it again, and share its memory.
gc.collect()
gc.freeze()
