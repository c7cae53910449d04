"""Where and with whom children live: the mix of placements, its change, in-house and IFA."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pandas as pd

from sufficiency_lib.codes import (
    FOSTERING_IFA_PROVIDERS,
    PLACEMENT_GROUPS,
    PROVIDERS,
)
from sufficiency_lib.metrics.bed_nights import nights_between
from sufficiency_lib.metrics.stock import (
    iso,
    on_date,
    percentage,
    period,
    sorted_days,
    year_start,
)

SPLIT_COUNTS = ("kinship", "in_house", "ifa", "other_public")

#: Reasons for a new episode that begin a stay with another carer.
NEW_STAY_RNE = frozenset({"S", "P", "B"})


def placement_mix(episodes: pd.DataFrame, dates: Iterable[object]) -> pd.DataFrame:
    """Children looked after by placement group and provider on each day.

    episodes  the repaired history: placement_group, provider (see `on_date`)
    returns   as_at, placement_group, provider, children, share_pct (of all children that
              day). A pair met on any of the days has a row for every day, so 0 is said.
              A blank provider is not_recorded; a blank or unknown place is in other.

    >>> history = pd.DataFrame({"child_id": ["a", "b"], "placement_group": ["fostering"] * 2,
    ...     "provider": ["own", "private"], "is_short_break": [False, False],
    ...     "decom": pd.to_datetime(["2024-01-01"] * 2), "dec": pd.to_datetime([None, None])})
    >>> placement_mix(history, ["2024-03-31"])["share_pct"].tolist()
    [50.0, 50.0]
    """
    days = sorted_days(dates)
    counts = {
        iso(day): on_date(episodes, day).groupby(["placement_group", "provider"]).size()
        for day in days
    }
    seen = {pair for count in counts.values() for pair in count.index}
    pairs = [pair for pair in product(PLACEMENT_GROUPS, PROVIDERS) if pair in seen]
    rows = [
        (day, *pair, int(count.get(pair, 0)), int(count.sum()))
        for day, count in counts.items()
        for pair in pairs
    ]
    frame = pd.DataFrame(
        rows, columns=["as_at", "placement_group", "provider", "children", "total"]
    )
    frame["share_pct"] = percentage(frame["children"], frame["total"])
    return frame.drop(columns="total")


def change(start: object, end: object) -> pd.DataFrame:
    """The change between two counts, and as a percentage of the start.

    start, end  counts of the same things, alike indexed (or lists)
    returns     start_children, end_children, change, change_pct (of the START, half up to
                one decimal; NaN when the start is 0)

    A change is always of the start. Nottingham's 2016 table divides by the end, which turns
    27 to 14 into -92.9%; it is -48.1%.

    >>> change([205, 27, 1], [262, 14, 0])["change_pct"].tolist()
    [27.8, -48.1, -100.0]
    """
    frame = pd.DataFrame({"start_children": start, "end_children": end})
    frame["change"] = frame["end_children"] - frame["start_children"]
    frame["change_pct"] = percentage(frame["change"], frame["start_children"])
    return frame


def placement_change(episodes: pd.DataFrame, start: object, end: object) -> pd.DataFrame:
    """Children by placement group and provider at two dates, with the change.

    returns  placement_group, provider, start_date, end_date, start_children, end_children,
             change, change_pct (see `change`). No totals: pairs only.
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    keys = ["placement_group", "provider"]
    mix = placement_mix(episodes, [first, last])
    pairs = mix[keys].drop_duplicates().reset_index(drop=True)
    counts = [
        mix[mix["as_at"] == iso(day)].set_index(keys)["children"].reindex(
            pd.MultiIndex.from_frame(pairs)
        )
        for day in (first, last)
    ]
    moved = change(counts[0].to_numpy(), counts[1].to_numpy())
    return pd.concat([pairs.assign(start_date=iso(first), end_date=iso(last)), moved], axis=1)


def placement_change_by_group(episodes: pd.DataFrame, start: object, end: object) -> pd.DataFrame:
    """As `placement_change`, by placement group whoever provides, and all groups together.

    returns  placement_group (each met, then `all`), start_date, end_date, start_children,
             end_children, change, change_pct
    """
    parts = placement_change(episodes, start, end)
    counts = parts.groupby("placement_group")[["start_children", "end_children"]].sum()
    counts = counts.reindex([group for group in PLACEMENT_GROUPS if group in counts.index])
    counts.loc["all"] = counts.sum()
    moved = change(counts["start_children"].to_numpy(), counts["end_children"].to_numpy())
    moved.insert(0, "placement_group", counts.index)
    moved.insert(1, "start_date", iso(pd.Timestamp(start)))
    moved.insert(2, "end_date", iso(pd.Timestamp(end)))
    return moved


def fostering_share(episodes: pd.DataFrame) -> pd.Series:
    """Which part of the fostering split each episode is in; NA when in none.

    kinship: U1-U3 by the authority (PR1). in_house: U4-U6 by PR1. ifa: U1-U6 by PR4 or PR5.
    other_public: U1-U6 by PR2 or PR3. A foster placement with no provider recorded is none.
    """
    kin = episodes["placement_group"] == "kinship_fostering"
    other = episodes["placement_group"] == "fostering"
    who = episodes["provider"]
    part = pd.Series(pd.NA, index=episodes.index, dtype="object")
    part[kin & (who == "own")] = "kinship"
    part[other & (who == "own")] = "in_house"
    part[(kin | other) & who.isin(list(FOSTERING_IFA_PROVIDERS))] = "ifa"
    part[(kin | other) & who.isin(["other_la", "other_public"])] = "other_public"
    return part


def fostering_split(episodes: pd.DataFrame, year_ends: Iterable[object]) -> pd.DataFrame:
    """In-house against independent fostering: by children, bed nights and new placements.

    episodes   the repaired history; short breaks are left out
    year_ends  31 Marches: stock on each, nights and new placements in the year it closes
    returns    basis, period, kinship, in_house, ifa, other_public, in_house_pct
               (in_house of in_house + ifa), in_house_incl_kinship_pct (in_house + kinship of
               in_house + kinship + ifa), and base_<count>: the children behind each count.

    Kinship is the authority's own but distorts the split, so both rates are always given.
    A new placement is a stay with a carer that starts in the year (RNE S, P or B).

    >>> history = pd.DataFrame({"child_id": list("abcd"), "is_short_break": [False] * 4,
    ...     "placement_group": ["kinship_fostering", "fostering", "fostering", "fostering"],
    ...     "provider": ["own", "own", "private", "other_la"], "rne": ["S"] * 4,
    ...     "decom": pd.to_datetime(["2024-04-01"] * 4), "dec": pd.to_datetime([None] * 4)})
    >>> split = fostering_split(history, ["2025-03-31"])
    >>> split[["in_house_pct", "in_house_incl_kinship_pct"]].iloc[0].tolist()
    [50.0, 66.7]
    """
    lasting = episodes[~episodes["is_short_break"].astype(bool)]
    lasting = lasting.assign(part=fostering_share(lasting)).dropna(subset="part")
    rows = []
    for day in sorted_days(year_ends):
        first = year_start(day)
        stock = on_date(lasting, day)
        new = lasting[lasting["decom"].between(first, day) & lasting["rne"].isin(NEW_STAY_RNE)]
        slept = lasting.assign(nights=nights_between(lasting, first, day))
        slept = slept[slept["nights"] > 0]
        weights = (
            ("children", iso(day), stock, stock.assign(n=1)["n"]),
            ("bed_nights", period(first, day), slept, slept["nights"]),
            ("new_placements", period(first, day), new, new.assign(n=1)["n"]),
        )
        rows += [_split_row(*weight) for weight in weights]
    bases = [f"base_{part}" for part in SPLIT_COUNTS]
    frame = pd.DataFrame(rows, columns=["basis", "period", *SPLIT_COUNTS, *bases])
    own = frame["in_house"] + frame["kinship"]
    frame["in_house_pct"] = percentage(frame["in_house"], frame["in_house"] + frame["ifa"])
    frame["in_house_incl_kinship_pct"] = percentage(own, own + frame["ifa"])
    order = ["children", "bed_nights", "new_placements"]
    frame["basis"] = pd.Categorical(frame["basis"], order)
    frame = frame.sort_values(["basis", "period"], kind="stable", ignore_index=True)
    frame["basis"] = frame["basis"].astype(str)
    rates = ["in_house_pct", "in_house_incl_kinship_pct"]
    return frame[["basis", "period", *SPLIT_COUNTS, *rates, *bases]]


def _split_row(basis: str, when: str, rows: pd.DataFrame, weight: pd.Series) -> dict[str, object]:
    counts = weight.groupby(rows["part"]).sum()
    children = rows.groupby("part")["child_id"].nunique()
    row: dict[str, object] = {"basis": basis, "period": when}
    row |= {part: int(counts.get(part, 0)) for part in SPLIT_COUNTS}
    return row | {f"base_{part}": int(children.get(part, 0)) for part in SPLIT_COUNTS}
