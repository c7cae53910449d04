"""What each published table is: title, definition, columns, and the sums among its counts.

The gate reads the sums (`publish.disclosure`), the renderers read the rest. A table that
is not here is published by passing a TableSpec of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.publish.disclosure import BASE_PREFIX
from sufficiency_lib.publish.specs import (
    children,
    comparators,
    costs,
    duties,
    equity,
    forecast,
    judgement,
    locality,
    market,
    members,
    outcomes,
    placements,
    priorities,
    returned,
)
from sufficiency_lib.publish.specs.spec import TableSpec

__all__ = ["CODE_WORDS", "SPECS", "TableSpec", "spec_for"]

_ROOMS = (returned, children, placements, locality, equity, outcomes, forecast, comparators,
          market, costs, judgement, duties, priorities, members)

SPECS: Mapping[str, TableSpec] = {spec.id: spec for room in _ROOMS for spec in room.SPECS}


def _code_words() -> dict[str, dict[str, str]]:
    # A figure says which table it stands in by that table's title.
    words: dict[str, dict[str, str]] = {
        "stands_in": {name: spec.title for name, spec in SPECS.items()},
    }
    for room in _ROOMS:
        for column, labels in room.LABELS.items():
            words.setdefault(column, {}).update(labels)
    return words


#: Column → code → how it reads.
CODE_WORDS: Mapping[str, Mapping[str, str]] = _code_words()


def spec_for(table_id: str, frame: pd.DataFrame, spec: TableSpec | None = None) -> TableSpec:
    """The specification of a table: the one given, the registered one, or a table of text.

    Raises ConfigurationError for an unregistered table that holds numbers, because the gate
    cannot tell which of them count children, nor which add up.
    """
    if spec is not None:
        return spec
    if table_id in SPECS:
        return SPECS[table_id]
    numeric = [
        column
        for column in frame.columns
        if column.startswith(BASE_PREFIX)
        or pd.api.types.is_numeric_dtype(frame[column])
        and not pd.api.types.is_bool_dtype(frame[column])
    ]
    if numeric:
        raise ConfigurationError(
            f"Table '{table_id}' has numbers ({', '.join(map(str, numeric))}) and no "
            "specification; pass spec=TableSpec(...) that says which columns count children "
            "and which add up."
        )
    title = table_id.replace("_", " ").capitalize()
    return TableSpec(id=table_id, title=title, keys=tuple(map(str, frame.columns)))
