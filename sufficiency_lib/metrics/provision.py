"""Where and with whom children live: the mix of placements, its change, in-house and IFA."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sufficiency_lib.codes import DFE_PLACEMENT_GROUP
from sufficiency_lib.metrics.ages import AGE_BANDS, band_of, levels_of
from sufficiency_lib.metrics.nights import nights_between
from sufficiency_lib.metrics.pairs import (
    PAIR,
    by_sector,
    cohort_of,
    fostering_share,
    in_every_period,
    levels_met,
    with_share_of_total,
)
from sufficiency_lib.metrics.stock import (
    completed_years,
    iso,
    on_date,
    percentage,
    period,
    placed_between,
    sorted_days,
    stock_on_days,
    year_start,
)
from sufficiency_lib.metrics.tally import (
    By,
    all_levels,
    areas_of,
    areas_together,
    tally,
    with_counts,
    with_share,
)

SPLIT_COUNTS = ("kinship", "in_house", "ifa", "other_public")

#: What the fostering split weighs, in the order of its table.
SPLIT_BASES = ("children", "bed_nights", "new_placements")


def placement_mix(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
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
    stock = stock_on_days(episodes, days, [*by, *PAIR])
    frame = in_every_period(levels_met(stock, PAIR, by), "as_at", map(iso, days), by)
    return with_share(with_counts(frame, stock, [*by, "as_at", *PAIR]), [*by, "as_at"])


def placements_by_sector(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children looked after by placement on each day, and by whose provision it is.

    episodes  the repaired history: placement_group, provider (see `on_date`)
    returns   as_at, cohort (kinship, fostering_in_house, fostering_ifa and fostering_other as
              in `fostering_split`, then the other placement groups; those met on any of the
              days, and `total`), own_provision (PR1), public_provision (PR2, PR3),
              independent_provision (PR4, PR5), no_provider (parents, or not recorded),
              children, share_pct (of all children that day). The four columns add up to
              children, and the cohorts to `total`.

    >>> history = pd.DataFrame({"child_id": ["a", "b"], "placement_group": ["fostering"] * 2,
    ...     "provider": ["own", "private"], "is_short_break": [False, False],
    ...     "decom": pd.to_datetime(["2024-01-01"] * 2), "dec": pd.to_datetime([None, None])})
    >>> placements_by_sector(history, ["2024-03-31"])[["cohort", "children"]].to_numpy().tolist()
    [['fostering_in_house', 1], ['fostering_ifa', 1], ['total', 2]]
    """
    days = sorted_days(dates)
    stock = stock_on_days(episodes, days, [*by, *PAIR, "child_id"])
    stock = stock.assign(cohort=cohort_of(stock))
    frame = by_sector(stock, "as_at", [iso(day) for day in days], areas_of(episodes, by),
                      name="children")
    return with_share_of_total(frame, [*by, "as_at"])


def placement_mix_dfe(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children looked after on each day by DfE's own placement groups, beside its figures.

    episodes  the repaired history: placement_group (see `on_date`)
    returns   as_at, dfe_placement_group (all eight, as DfE words them), children, share_pct
              (one decimal; DfE prints whole percentages of the same counts). Temporary
              placements are in DfE's other placements.

    Source: DfE, *Children looked after in England including adoptions*, children looked after
    on 31 March, group Placement.
    """
    days = sorted_days(dates)
    stock = stock_on_days(episodes, days, [*by, "placement_group"])
    stock["dfe_placement_group"] = stock["placement_group"].map(DFE_PLACEMENT_GROUP)
    groups = list(dict.fromkeys(DFE_PLACEMENT_GROUP.values()))
    levels = {"as_at": [iso(day) for day in days], "dfe_placement_group": groups}
    return with_share(tally(stock, levels, areas_of(episodes, by)), [*by, "as_at"])


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


def placement_change(
    episodes: pd.DataFrame, start: object, end: object, *, by: By = ()
) -> pd.DataFrame:
    """Children by placement group and provider at two dates, with the change.

    returns  placement_group, provider, start_date, end_date, start_children, end_children,
             change, change_pct (see `change`). No totals: pairs only.
    """
    return _changed(placement_mix(episodes, [start, end], by=by), [*by, *PAIR], start, end)


def _changed(
    stock: pd.DataFrame, keys: Sequence[str], start: object, end: object
) -> pd.DataFrame:
    """A table of stock on two days as its change; all keys have a row on both, in one order."""
    first, last = iso(start), iso(end)
    at_start, at_end = (
        stock[stock["as_at"] == day].reset_index(drop=True) for day in (first, last)
    )
    rows = at_start[list(keys)].assign(start_date=first, end_date=last)
    return pd.concat([rows, change(at_start["children"], at_end["children"])], axis=1)


def placement_change_by_group(
    episodes: pd.DataFrame, start: object, end: object, *, by: By = ()
) -> pd.DataFrame:
    """As `placement_change`, by placement group whoever provides, and all groups together.

    returns  placement_group (each met, then `all`), start_date, end_date, start_children,
             end_children, change, change_pct
    """
    parts = placement_change(episodes, start, end, by=by)
    counts = ["start_children", "end_children"]
    together = areas_of(episodes, by).assign(placement_group="all")
    rows = pd.concat([parts, parts.assign(placement_group="all")], ignore_index=True)
    groups = levels_met(parts, ["placement_group"], by)
    frame = areas_together(pd.concat([groups, together], ignore_index=True), by)
    frame = frame.assign(start_date=iso(start), end_date=iso(end))
    for count in counts:
        frame = with_counts(frame, rows, [*by, "placement_group"], name=count, weight=count)
    return pd.concat([frame.drop(columns=counts), change(frame[counts[0]], frame[counts[1]])],
                     axis=1)


def placement_change_by_cohort(
    episodes: pd.DataFrame, start: object, end: object, *, by: By = ()
) -> pd.DataFrame:
    """The change in the children of each row of `placements_by_sector` between two dates.

    returns  cohort (each met, then `total`), start_date, end_date, start_children,
             end_children, change, change_pct (see `change`)
    """
    placed = placements_by_sector(episodes, [start, end], by=by)
    return _changed(placed, [*by, "cohort"], start, end)


def fostering_split(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
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
    part = fostering_share(episodes)
    is_kept = part.notna() & ~episodes["is_short_break"].astype(bool)
    columns = [*by, "child_id", "decom", "dec", "rne", "is_short_break"]
    fostered = episodes.loc[is_kept, columns].assign(part=part[is_kept].astype("category"))
    days = sorted_days(year_ends)
    whens = {"children": iso} | dict.fromkeys(SPLIT_BASES[1:], lambda d: period(year_start(d), d))
    lines = [(basis, whens[basis](day)) for basis in SPLIT_BASES for day in days]
    table = pd.DataFrame(lines, columns=["basis", "period"], dtype=object)
    kept = [*by, "child_id", "part"]
    weighed = [fostered[:0][kept].assign(line=0, n=0)]
    for at, day in enumerate(days):
        for place, (rows, weight) in enumerate(_weights(fostered, day)):
            weighed.append(rows[kept].assign(line=place * len(days) + at, n=weight))
    frame = areas_of(episodes, by).merge(table.assign(line=table.index), how="cross")
    split = _with_split(frame, pd.concat(weighed), [*by, "line"], "n")
    return split.drop(columns="line")


def _weights(
    fostered: pd.DataFrame, day: pd.Timestamp
) -> Iterable[tuple[pd.DataFrame, object]]:
    """What the year that a day closes is weighed by, as SPLIT_BASES: rows, weight of each."""
    first = year_start(day)
    nights = nights_between(fostered, first, day)
    slept = nights > 0
    yield on_date(fostered, day), 1
    yield fostered[slept], nights[slept]
    yield placed_between(fostered, first, day), 1


def _with_split(
    frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str], weight: str | None
) -> pd.DataFrame:
    """A table's keys with the four counts, the two rates and, if weighed, the children behind."""
    frame = _with_parts(frame, rows, keys, "", weight=weight)
    own = frame["in_house"] + frame["kinship"]
    frame["in_house_pct"] = percentage(frame["in_house"], frame["in_house"] + frame["ifa"])
    frame["in_house_incl_kinship_pct"] = percentage(own, own + frame["ifa"])
    return _with_parts(frame, rows, keys, "base_", distinct="child_id") if weight else frame


def _with_parts(
    frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str], prefix: str, **counted: str | None
) -> pd.DataFrame:
    """A table with a count of each part of the split beside its rows."""
    parts = pd.DataFrame({"part": SPLIT_COUNTS}, dtype=object)
    each = with_counts(frame[keys].merge(parts, how="cross"), rows, [*keys, "part"], **counted)
    wide = each["children"].to_numpy().reshape(-1, len(SPLIT_COUNTS))
    names = [f"{prefix}{part}" for part in SPLIT_COUNTS]
    return frame.assign(**dict(zip(names, wide.T, strict=True)))


def fostering_split_by_age(
    episodes: pd.DataFrame, as_at: object, *, by: By = ()
) -> pd.DataFrame:
    """Fostered children on a day by DfE's age bands: in-house, kinship and independent.

    episodes  the repaired history with dob (see `on_date`)
    returns   as_at, age_group (not_known: no date of birth, or one that cannot be right),
              kinship, in_house, ifa, other_public, in_house_pct, in_house_incl_kinship_pct
              as in `fostering_split`, whose children of the day the rows add up to

    Source: DfE age groups, *Children looked after in England*, table A1.
    """
    day = pd.Timestamp(as_at)
    stock = on_date(episodes[[*by, *PAIR, "dob", "decom", "dec", "is_short_break"]], day)
    age = band_of(completed_years(stock["dob"], day), AGE_BANDS)
    stock = stock.assign(part=fostering_share(stock), age_group=age)
    table = all_levels({"as_at": [iso(day)], "age_group": levels_of(AGE_BANDS)})
    frame = areas_of(episodes, by).merge(table, how="cross")
    return _with_split(frame, stock, [*by, "age_group"], None)
