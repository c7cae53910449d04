"""What Tab lists after the name of a module of this library: what the module itself defines.

A module's imports are its own affair, and `__all__` does not keep them out of what Tab lists;
`__dir__` does. It is set from here, for an analyst's session alone, so that no module has to
carry it.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable
from functools import cache, partial
from types import ModuleType

LIBRARY = "sufficiency_lib"


def own_names(module: ModuleType) -> list[str]:
    """The public names of a module: its `__all__`, or what its source defines.

    Of a package also its modules that are loaded. Names that it imports are left out.

    >>> from sufficiency_lib.metrics import pairs
    >>> {"COHORTS", "cohort_of"} <= set(own_names(pairs)), "pd" in own_names(pairs)
    (True, False)
    """
    names = set(getattr(module, "__all__", ()) or _defined(module))
    parts = {
        name for name, value in vars(module).items()
        if inspect.ismodule(value) and value.__name__ == f"{module.__name__}.{name}"
    }
    return sorted(names | parts)


def tidy_modules() -> None:
    """Let every loaded module of the library list its own names alone; again does no harm."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == LIBRARY and "__dir__" not in vars(module):
            vars(module)["__dir__"] = _lister(module)


def untidy_modules() -> None:
    """Let them list everything again."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == LIBRARY and isinstance(vars(module).get("__dir__"), partial):
            del vars(module)["__dir__"]


def _lister(module: ModuleType) -> Callable[[], list[str]]:
    return partial(own_names, module)


def _defined(module: ModuleType) -> set[str]:
    try:
        return _defined_in(inspect.getsource(module))
    except (OSError, TypeError):
        # A source that cannot be read hides nothing.
        return {name for name in vars(module) if not name.startswith("_")}


@cache
def _defined_in(source: str) -> frozenset[str]:
    """The public names that a module's source gives at its outer level, but for imports."""
    names: set[str] = set()
    for line in ast.parse(source).body:
        if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(line.name)
        elif isinstance(line, ast.Assign | ast.AnnAssign):
            for target in getattr(line, "targets", None) or [line.target]:
                names |= {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}
    return frozenset(name for name in names if not name.startswith("_"))
