"""How near to home children live, under each rule that councils use for local."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sufficiency_lib.cleaning.distance import TWENTY_MILES
from sufficiency_lib.codes import (
    DISTANCE_BANDS,
    FOSTERING_IFA_PROVIDERS,
    FOSTERING_IN_HOUSE_PROVIDERS,
    LOCALITY_RULES,
    PLACEMENT_GROUPS,
)
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.metrics.stock import on_date, percentage

COHORTS: tuple[str, ...] = ("all", *PLACEMENT_GROUPS, "fostering_in_house", "fostering_ifa")


#: Outside England an authority goes by its nation, as DfE's tables have it.
NATIONS = {"W": "Wales", "S": "Scotland", "N": "Northern Ireland"}


def is_within(
    episodes: pd.DataFrame, rule: str, *, code: str | None, border_miles: float
) -> pd.Series:
    """Whether each placement is local under a rule: True, False, or NA where not known.

    rule          one of LOCALITY_RULES
    code          the responsible authority's ONS code, for in_area; None: not known
    border_miles  how far outside the border still counts, for border_10_miles

    home_20_miles is NA for UASC and short breaks, as DfE measures no distance for them.
    """
    if rule not in LOCALITY_RULES:
        raise ConfigurationError(
            f"'{rule}' is not a locality rule; expected one of {', '.join(LOCALITY_RULES)}."
        )
    if rule == "in_area":
        known = episodes["placement_authority"].notna() & (code is not None)
        return (episodes["placement_authority"] == code).astype("boolean").where(known)
    column, limit = {
        "home_20_miles": ("distance_miles", TWENTY_MILES),
        "centre_20_miles": ("centre_miles", TWENTY_MILES),
        "boundary_20_miles": ("border_miles", TWENTY_MILES),
        "border_10_miles": ("border_miles", border_miles),
    }[rule]
    return (episodes[column] <= limit).astype("boolean").where(episodes[column].notna())


def in_cohort(episodes: pd.DataFrame, cohort: str) -> pd.Series:
    """Which episodes a cohort holds: all, a placement group, or fostering by who provides.

    fostering_in_house is U4-U6 by PR1, fostering_ifa U4-U6 by PR4 or PR5.
    """
    if cohort == "all":
        return pd.Series(True, index=episodes.index)
    if cohort in PLACEMENT_GROUPS:
        return episodes["placement_group"] == cohort
    providers = {
        "fostering_in_house": FOSTERING_IN_HOUSE_PROVIDERS,
        "fostering_ifa": FOSTERING_IFA_PROVIDERS,
    }[cohort]
    return (episodes["placement_group"] == "fostering") & episodes["provider"].isin(list(providers))


def locality(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    rules: Sequence[str],
    code: str | None = None,
    border_miles: float = 10.0,
) -> pd.DataFrame:
    """Children placed locally on a day, under each named rule and for each cohort.

    episodes  the repaired history with its distances (short breaks are left out)
    rules     which rules; no rate appears without its rule
    returns   rule, cohort, children, within, beyond, not_known, rate_pct (within of ALL, so
              not known stays in the base, as DfE publishes) and rate_of_known_pct. A cohort
              without children, or of whom nothing is known, has NaN rates: 0% would say that
              they are all far away. Half up to one decimal.

    >>> history = pd.DataFrame({"child_id": list("abcd"), "is_short_break": [False] * 4,
    ...     "placement_group": ["fostering"] * 4, "provider": ["own"] * 4,
    ...     "distance_miles": [3.0, 20.0, 20.1, None],
    ...     "decom": pd.to_datetime(["2024-01-01"] * 4), "dec": pd.to_datetime([None] * 4)})
    >>> shown = locality(history, "2024-03-31", rules=["home_20_miles"]).iloc[0]
    >>> [int(shown[name]) for name in ("children", "within", "beyond", "not_known")]
    [4, 2, 1, 1]
    >>> float(shown["rate_pct"]), float(shown["rate_of_known_pct"])
    (50.0, 66.7)
    """
    stock = on_date(episodes, pd.Timestamp(as_at))
    rows = []
    for rule in rules:
        near = is_within(stock, rule, code=code, border_miles=border_miles)
        for cohort in COHORTS:
            part = near[in_cohort(stock, cohort)]
            within, beyond = int(part.sum()), int((~part).sum())
            rows.append((rule, cohort, len(part), within, beyond, int(part.isna().sum())))
    frame = pd.DataFrame(
        rows, columns=["rule", "cohort", "children", "within", "beyond", "not_known"]
    )
    known = frame["within"] + frame["beyond"]
    frame["rate_pct"] = percentage(frame["within"], frame["children"].where(known > 0))
    frame["rate_of_known_pct"] = percentage(frame["within"], known)
    return frame


def distance_by_boundary(episodes: pd.DataFrame, as_at: object) -> pd.DataFrame:
    """DfE's table of distance from home by whether placed inside the authority's boundary.

    returns  boundary (inside, outside), distance_band (le_20, gt_20, not_known), children,
             share_pct (of all children); six rows. A placement whose authority is not known
             is outside, as in DfE's table, whose two parts make the total.

    Source: DfE, *Children looked after in England*, distance between home and placement and
    locality of placement.
    """
    stock = on_date(episodes, pd.Timestamp(as_at))
    counts = stock.groupby(["boundary", "distance_band"]).size()
    sides = () if (episodes["boundary"] == "not_known").any() else ("inside", "outside")
    rows = [
        (side, band, int(counts.get((side, band), 0)))
        for side in sides
        for band in DISTANCE_BANDS
    ]
    frame = pd.DataFrame(rows, columns=["boundary", "distance_band", "children"])
    return frame.assign(share_pct=percentage(frame["children"], len(stock)))


def placement_authorities(
    episodes: pd.DataFrame, as_at: object, names: dict[str, str], *, fewest: int = 1
) -> pd.DataFrame:
    """Where children are placed: the authority of each placement, most children first.

    names    ONS code → name; a code without a name is shown by its nation, or as itself
    fewest   authorities with fewer children than this are put together as the last row
    returns  placement_authority (its name, `Not known`, or `Other authorities`), children,
             share_pct
    """
    stock = on_date(episodes, pd.Timestamp(as_at))
    where = stock["placement_authority"]
    placed = where.map(lambda code: _place_name(code, names), na_action="ignore")
    counts = placed.astype(object).fillna("Not known").value_counts()
    frame = counts.rename_axis("placement_authority").reset_index(name="children")
    frame = frame.sort_values(
        ["children", "placement_authority"], ascending=[False, True], ignore_index=True
    )
    few = frame["children"] < fewest
    rest = pd.DataFrame(
        {"placement_authority": ["Other authorities"], "children": [frame[few]["children"].sum()]}
    )
    if few.any():
        frame = pd.concat([frame[~few], rest], ignore_index=True)
    return frame.assign(share_pct=percentage(frame["children"], len(stock)))


def _place_name(code: str, names: dict[str, str]) -> str:
    return names.get(code) or NATIONS.get(code[:1], code)
