"""Where children are placed: the authority in whose area each placement is."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.metrics.stock import on_date
from sufficiency_lib.metrics.tally import By, with_share

#: Outside England an authority goes by its nation, as DfE's tables have it.
NATIONS = {"W": "Wales", "S": "Scotland", "N": "Northern Ireland"}

REST = "Other authorities"


def placement_authorities(
    episodes: pd.DataFrame,
    as_at: object,
    names: Mapping[str, str],
    *,
    fewest: int = 1,
    by: By = (),
) -> pd.DataFrame:
    """Where children are placed: the authority of each placement, most children first.

    episodes  the repaired history: placement_authority (short breaks are left out)
    names     ONS code → name; a code without a name is shown by its nation, or as itself
    fewest    authorities with fewer children than this are put together as the last row
    by        columns whose values each have a table
    returns   placement_authority (its name, `Not known`, or `Other authorities`), children,
              share_pct (of all children, so not known stays in the base)

    A stock of the authority's own children. Who is placed here by others cannot be known from
    its returns.
    """
    stock = on_date(episodes, pd.Timestamp(as_at), columns=[*by, "placement_authority"])
    where = stock["placement_authority"]
    placed = where.map(lambda code: _place_name(code, names), na_action="ignore")
    stock = stock.assign(placement_authority=placed.astype(object).fillna("Not known"))
    keys = [*by, "placement_authority"]
    frame = stock.groupby(keys, observed=True).size().rename("children").reset_index()
    few = frame["children"] < fewest
    frame["placement_authority"] = frame["placement_authority"].mask(few, REST)
    frame = frame.assign(is_rest=few).groupby([*keys, "is_rest"], observed=True, as_index=False)
    frame = frame["children"].sum().sort_values(
        [*by, "is_rest", "children", "placement_authority"],
        ascending=[*[True] * len(by), True, False, True], ignore_index=True,
    )[[*keys, "children"]]
    return with_share(frame, by)


def _place_name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code) or NATIONS.get(code[:1], code)
