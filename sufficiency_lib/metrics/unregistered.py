"""Children where no registered provider answers for them: `other` codes and missing URNs."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.metrics.nights import slept_in_years
from sufficiency_lib.metrics.stock import iso, on_date, sorted_days
from sufficiency_lib.metrics.tally import By, all_levels, areas_of, has_rows, with_counts

#: Codes of `other placements`; Z11 to Z14 take the place of Z1 from the 2025-26 return.
OTHER_CODES = ("Z1", "Z11", "Z12", "Z13", "Z14")
#: Placements whose provider Ofsted registers: homes, and supported accommodation later.
HOME_CODES = ("K2",)
SUPPORTED_CODES = ("K3", "H5")

#: How a return says that a provider has no registration number.
NO_URN = ("", "XXXXXXX")

#: From this day supported accommodation must be registered (SI 2023/416, regulation 36).
SUPPORTED_REGISTERED_FROM = pd.Timestamp("2023-10-28")

#: A child must be this old to live in supported accommodation (SI 2021/161, regulation 4).
SUPPORTED_FROM_AGE = 16

#: Placements outside England need no English registration.
_OUTSIDE_ENGLAND = ("W", "S", "N")

ARRANGEMENTS = (
    "other_placements",
    "under_16_supported",
    "home_without_urn",
    "supported_without_urn",
)

_COLUMNS = ("child_id", "place_code", "placement_group", "urn", "dob", "decom", "dec",
            "is_short_break", "placement_authority")
_COUNTS = ("children_at_year_end", "children_in_year", "nights")


def unregistered_and_other(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children in `other` placements, under 16 in supported accommodation, or without a URN.

    episodes   the repaired history: place_code, placement_group, urn, dob, and, if there,
               placement_authority; short breaks are left out
    year_ends  31 Marches: the stock on each, and the year it closes
    returns    arrangement, year_ending, children_at_year_end (stock), children_in_year (who
               slept there a night or more in the year), nights, and base_nights. All four
               arrangements have a row for each year; a child may be in several, so they do not
               add up.

    other_placements       Z1, or Z11 to Z14: `other`, which takes in unregistered settings.
    under_16_supported     aged under 16 in K3, H5 or P2. A child whose date of birth is not
                           known is not counted.
    home_without_urn       K2 with no URN, or XXXXXXX.
    supported_without_urn  K3 or H5 with no URN, or XXXXXXX, on and after 28 October 2023.
    A placement known to be in Wales, Scotland or Northern Ireland needs no URN. Where a
    history has none of the URNs that it should have, the two last are not available (NaN).

    Source: Care Planning, Placement and Case Review (England) (Amendment) Regulations 2021
    (SI 2021/161), in force on 9 September 2021; Supported Accommodation (England) Regulations
    2023 (SI 2023/416), regulations 36 and 44: one who had applied to register by 28 October
    2023 may go on until the answer, so a row here is a question and not yet a breach.

    >>> history = pd.DataFrame({"child_id": ["a"], "place_code": ["Z1"], "urn": [None],
    ...     "placement_group": ["other"], "is_short_break": [False],
    ...     "dob": pd.to_datetime(["2010-01-01"]), "decom": pd.to_datetime(["2025-03-30"]),
    ...     "dec": pd.to_datetime([None])})
    >>> unregistered_and_other(history, ["2025-03-31"])["nights"].tolist()
    [2, 0, 0, 0]
    """
    columns = [*by, *(name for name in _COLUMNS if name in episodes)]
    lasting = episodes.loc[~episodes["is_short_break"].astype(bool), columns]
    due = lasting[_needs_urn(lasting)]
    days = sorted_days(year_ends)
    levels = {"arrangement": ARRANGEMENTS, "year_ending": [iso(day) for day in days]}
    frame = areas_of(episodes, by).merge(all_levels(levels), how="cross")
    stays = _stays(lasting, due)
    keys = [*by, "arrangement", "year_ending"]
    there = [on_date(stays, day).assign(year_ending=iso(day)) for day in days]
    stock = pd.concat(there or [stays[:0].assign(year_ending="")])
    flow = slept_in_years(stays, days)
    frame = with_counts(frame, stock, keys, name="children_at_year_end", distinct="child_id")
    frame = with_counts(frame, flow, keys, name="children_in_year", distinct="child_id")
    frame = with_counts(frame, flow, keys, name="nights", weight="nights")
    frame["base_nights"] = frame["children_in_year"]
    return _without_unknown(frame, due, areas_of(lasting, by))


def _stays(lasting: pd.DataFrame, due: pd.DataFrame) -> pd.DataFrame:
    """The part of each stay that each arrangement is about, with its name."""
    other = lasting[lasting["place_code"].isin(list(OTHER_CODES))]
    is_supported = lasting["placement_group"] == "supported_accommodation"
    supported = lasting[is_supported & lasting["dob"].notna()]
    birthday = supported["dob"] + pd.DateOffset(years=SUPPORTED_FROM_AGE)
    young = supported.assign(dec=supported["dec"].fillna(birthday).clip(upper=birthday))
    young = young[young["dec"] > young["decom"]]
    unnamed = due[~has_urn(due["urn"])]
    homes = unnamed[unnamed["place_code"].isin(list(HOME_CODES))]
    lodgings = unnamed[unnamed["place_code"].isin(list(SUPPORTED_CODES))]
    lodgings = lodgings.assign(decom=lodgings["decom"].clip(lower=SUPPORTED_REGISTERED_FROM))
    parts = zip(ARRANGEMENTS, (other, young, homes, lodgings), strict=True)
    return pd.concat([part.assign(arrangement=name) for name, part in parts])


def has_urn(urn: pd.Series) -> pd.Series:
    """Whether each URN is a number of a registration: neither blank nor XXXXXXX.

    >>> has_urn(pd.Series(["1234567", "XXXXXXX", None])).tolist()
    [True, False, False]
    """
    return ~urn.astype(object).where(urn.notna(), "").isin(list(NO_URN))


def _needs_urn(episodes: pd.DataFrame) -> pd.Series:
    needs = episodes["place_code"].isin([*HOME_CODES, *SUPPORTED_CODES])
    if "placement_authority" not in episodes:
        return needs
    where = episodes["placement_authority"]
    outside = [code for code in where.dropna().unique() if str(code).startswith(_OUTSIDE_ENGLAND)]
    return needs & ~where.isin(outside)


def _without_unknown(
    frame: pd.DataFrame, due: pd.DataFrame, areas: pd.DataFrame
) -> pd.DataFrame:
    """Nothing is said of URNs where none was returned, though some were due."""
    by = list(areas.columns)
    told = with_counts(areas, due, by, name="due")
    told = with_counts(told, due[has_urn(due["urn"])], by, name="given")
    silent = told[(told["due"] > 0) & (told["given"] == 0)]
    hidden = has_rows(frame, silent, by) & frame["arrangement"].str.endswith("_without_urn")
    columns = [*_COUNTS, "base_nights"]
    return frame.assign(**{name: frame[name].astype("Int64").mask(hidden) for name in columns})
