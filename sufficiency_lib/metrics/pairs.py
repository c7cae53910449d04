"""Tables by placement group and provider: the pairs met, and providers by whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import pandas as pd

from sufficiency_lib.codes import (
    FOSTERING_IFA_PROVIDERS,
    PLACEMENT_GROUPS,
    PROVIDER_SIDES,
    PROVIDERS,
)
from sufficiency_lib.metrics.stock import percentage
from sufficiency_lib.metrics.tally import (
    By,
    areas_together,
    bases_last,
    total_within,
    with_counts,
)

PAIR = ("placement_group", "provider")

_FOSTERING = ("kinship_fostering", "fostering")

_OTHER_PUBLIC = frozenset({"other_la", "other_public"})

#: The part of the fostering split → the cohort it makes; other fostering is fostering_other.
_FOSTERED = {
    "kinship": "kinship",
    "in_house": "fostering_in_house",
    "ifa": "fostering_ifa",
    "other_public": "fostering_other",
}

#: Placement groups with fostering told apart as the fostering split tells it, so that no
#: table prints a total of fostering from which the split's small parts could be worked out.
COHORTS = (
    *_FOSTERED.values(),
    *(group for group in PLACEMENT_GROUPS if group not in _FOSTERING),
)

#: Contracts in the order of a table.
CONTRACTS: tuple[str, ...] = ("in_house", "framework", "block", "spot", "not_known")

#: The order of the keys of a table of placements.
ORDERS: Mapping[str, Sequence[str]] = {
    "placement_group": PLACEMENT_GROUPS,
    "provider": PROVIDERS,
    "cohort": COHORTS,
    "provider_side": tuple(PROVIDER_SIDES),
    "contract": CONTRACTS,
}

#: Whose provision it is, in four columns: column → providers.
SECTORS: Mapping[str, tuple[str, ...]] = {
    "own_provision": PROVIDER_SIDES["own"],
    "public_provision": PROVIDER_SIDES["public"],
    "independent_provision": PROVIDER_SIDES["independent"],
    "no_provider": PROVIDER_SIDES["none"],
}


def fostering_share(episodes: pd.DataFrame) -> pd.Series:
    """Which part of the fostering split each episode is in; NA when in none.

    kinship: U1-U3 by the authority (PR1). in_house: U4-U6 by PR1. ifa: U1-U6 by PR4 or PR5.
    other_public: U1-U6 by PR2 or PR3. A foster placement with no provider recorded is none.
    """
    return pd.Series([_part_of(*pair) for pair in _pairs(episodes)], index=episodes.index,
                     dtype="object")  # fmt: skip


def _pairs(episodes: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    """Placement group and provider of each episode: a few pairs, met again and again."""
    return zip(*(episodes[name].tolist() for name in PAIR), strict=True)


@lru_cache
def _part_of(group: object, provider: object) -> object:
    """The part of the fostering split that a pair is in, or NA."""
    if group not in _FOSTERING:
        return pd.NA
    if provider == "own":
        return "kinship" if group == "kinship_fostering" else "in_house"
    if provider in FOSTERING_IFA_PROVIDERS:
        return "ifa"
    return "other_public" if provider in _OTHER_PUBLIC else pd.NA


def side_of(provider: pd.Series) -> pd.Series:
    """Whose provision each placement is: own, public, independent or none.

    >>> side_of(pd.Series(["own", "other_la", "voluntary", "parents"])).tolist()
    ['own', 'public', 'independent', 'none']
    """
    side = {name: side for side, names in PROVIDER_SIDES.items() for name in names}
    return provider.astype(object).map(side).fillna("none")


def cohort_of(episodes: pd.DataFrame) -> pd.Series:
    """The cohort of each episode: its part of the fostering split, or else its group.

    A foster placement in no part of the split, as no provider is recorded, is fostering_other.

    >>> cohort_of(pd.DataFrame({"placement_group": ["fostering", "fostering", "secure"],
    ...                         "provider": ["private", "not_recorded", "other_la"]})).tolist()
    ['fostering_ifa', 'fostering_other', 'secure']
    """
    return pd.Series([_cohort_of(*pair) for pair in _pairs(episodes)], index=episodes.index,
                     dtype="str")  # fmt: skip


@lru_cache
def _cohort_of(group: object, provider: object) -> object:
    if group not in _FOSTERING:
        return group
    return _FOSTERED.get(_part_of(group, provider), "fostering_other")


def levels_met(rows: pd.DataFrame, keys: Sequence[str], by: By = ()) -> pd.DataFrame:
    """The different values of keys in some rows: those of each area, in the tables' order.

    rows  with the columns of `by` and `keys` (those of ORDERS)

    >>> rows = pd.DataFrame({"placement_group": ["secure", "fostering", "secure"]})
    >>> levels_met(rows, ["placement_group"])["placement_group"].tolist()
    ['fostering', 'secure']
    """
    found = rows[[*by, *keys]].drop_duplicates()
    ranks = found.assign(**{key: _places(found[key], ORDERS[key]) for key in keys})
    return found.loc[ranks.sort_values([*by, *keys]).index].reset_index(drop=True)


def _places(values: pd.Series, order: Sequence[str]) -> pd.Series:
    """Where each value stands in an order; one that is not in it comes last."""
    place = {value: at for at, value in enumerate(order)}
    return values.astype(object).map(place).fillna(len(place)).astype("int64")


def in_every_period(met: pd.DataFrame, period: str, values: Iterable[str], by: By = ()) -> (
    pd.DataFrame
):
    """A table's keys: each of the `met` rows in every period, so that 0 is said.

    >>> met = pd.DataFrame({"placement_group": ["fostering", "secure"]})
    >>> in_every_period(met, "as_at", ["2025-03-31"]).to_numpy().tolist()
    [['2025-03-31', 'fostering'], ['2025-03-31', 'secure']]
    """
    rest = [column for column in met if column not in by]
    frame = pd.DataFrame({period: list(values)}, dtype=object).merge(met, how="cross")
    return areas_together(frame, by)[[*by, period, *rest]]


def with_total(met: pd.DataFrame, areas: pd.DataFrame, **total: str) -> pd.DataFrame:
    """The cohorts met, with a row `total` after those of each area.

    total  what other keys than the cohort have in that row

    >>> with_total(pd.DataFrame({"cohort": ["secure"]}), pd.DataFrame(index=[0]))["cohort"].tolist()
    ['secure', 'total']
    """
    whole = pd.concat([met, areas.assign(cohort="total", **total)], ignore_index=True)
    return areas_together(whole, list(areas.columns))


def by_sector(
    rows: pd.DataFrame,
    period: str,
    values: Sequence[str],
    areas: pd.DataFrame,
    *,
    name: str,
    is_flow: bool = False,
) -> pd.DataFrame:
    """Rows by cohort in each period, a column for whose provision it is.

    rows     cohort, provider, child_id, the period column and those of `areas`
    areas    see `tally.areas_of`: each has a row `total` in every period
    name     the column of all providers together
    is_flow  whether a child may be in several rows: the children behind each count then
             stand in its `base_` column

    >>> from sufficiency_lib.metrics.tally import areas_of
    >>> rows = pd.DataFrame({"cohort": ["childrens_home"] * 2, "provider": ["own", "private"],
    ...                      "child_id": ["a", "b"], "as_at": ["2025-03-31"] * 2})
    >>> by_sector(rows, "as_at", ["2025-03-31"], areas_of(rows, []), name="children")[
    ...     ["cohort", "own_provision", "independent_provision", "children"]
    ... ].to_numpy().tolist()
    [['childrens_home', 1, 1, 2], ['total', 1, 1, 2]]
    """
    by = list(areas.columns)
    met = with_total(levels_met(rows, ["cohort"], by), areas)
    frame = in_every_period(met, period, values, by)
    counted = pd.concat([rows, rows.assign(cohort="total")], ignore_index=True)
    keys = [*by, period, "cohort"]
    for column, providers in {**SECTORS, name: PROVIDERS}.items():
        part = counted[counted["provider"].isin(list(providers))]
        frame = with_counts(frame, part, keys, name=column)
        if is_flow:
            frame = with_counts(frame, part, keys, name=f"base_{column}", distinct="child_id")
    return bases_last(frame)


def with_share_of_total(
    frame: pd.DataFrame, within: Sequence[str], *, of: str = "children"
) -> pd.DataFrame:
    """As `tally.with_share`, for a table of cohorts in which the row `total` is the whole.

    >>> frame = pd.DataFrame({"cohort": ["secure", "total"], "children": [1, 4]})
    >>> with_share_of_total(frame, [])["share_pct"].tolist()
    [25.0, 100.0]
    """
    whole = frame[of].where(frame["cohort"] == "total", 0)
    total = total_within(frame.assign(whole=whole), "whole", within)
    return frame.assign(share_pct=percentage(frame[of], total))
