"""Who starts and who ceases to be looked after in a year: by age, need and reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sufficiency_lib.cleaning.periods import care_periods, once_a_child
from sufficiency_lib.codes.children import (
    ANOTHER_REASON,
    CEASED_GROUPS,
    NEED_FAMILIES,
    ceased_group,
    need_family,
)
from sufficiency_lib.codes.grouping import grouped
from sufficiency_lib.metrics.ages import ADULT, AGE_BANDS, LEAVING_BANDS, band_of, levels_of
from sufficiency_lib.metrics.stock import Years, completed_years, years_of
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_share


def started_by_age(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children who started to be looked after in each year by their age that day.

    episodes  the repaired history with care_period_id and dob
    returns   year_ending, age_group, children, share_pct (of all who started that year). A
              child who starts twice in a year is counted once, at the first. A date of birth
              that is not known, or is after the start, is not_known. The rows of a year add up
              to `started_and_ceased`.

    Source: DfE, *Children looked after in England*, children starting by characteristics.
    """
    years = years_of(year_ends)
    started = _started(episodes, years, by)
    started["age_group"] = band_of(completed_years(started["dob"], started["start"]), AGE_BANDS)
    return _by_year(started, years, "age_group", levels_of(AGE_BANDS), areas_of(episodes, by))


def started_by_need(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children who started to be looked after in each year by category of need.

    episodes  the repaired history with care_period_id and need_code
    returns   year_ending, category_of_need (see `codes.children.NEED_FAMILIES`: DfE's eight
              put together in four, as most are rare among the starters of one year; not_known),
              children, share_pct (of all who started that year). Otherwise as `started_by_age`.

    Source: DfE, as `started_by_age`; the eight are in `children_by_need`.
    """
    years = years_of(year_ends)
    started = _started(episodes, years, by)
    started["category_of_need"] = grouped(started["need_code"], need_family)
    return _by_year(started, years, "category_of_need", NEED_FAMILIES, areas_of(episodes, by))


def ceased_by_age(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children who ceased to be looked after in each year by their age that day.

    episodes  the repaired history with care_period_id and dob
    returns   year_ending, age_group (18_and_over are most often leaving on the birthday),
              children, share_pct (of all who ceased that year). A child who ceases twice in a
              year is counted once, at the last. A date of birth that is not known is
              not_known. The rows of a year add up to `started_and_ceased`.

    Source: DfE, *Children looked after in England*, children ceasing by characteristics.
    """
    years = years_of(year_ends)
    ceased = _ceased(episodes, years, by)
    ceased["age_group"] = band_of(completed_years(ceased["dob"], ceased["end"]), LEAVING_BANDS)
    return _by_year(ceased, years, "age_group", levels_of(LEAVING_BANDS), areas_of(episodes, by))


def ceased_by_reason(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children who ceased to be looked after in each year by the reason.

    episodes  the repaired history with care_period_id, dob and rec
    returns   year_ending, reason_ceased (see `codes.children.CEASED_GROUPS`), children,
              share_pct (of all who ceased that year). "Another reason" (E8) at 18 or over is
              turned_18, as councils use it for most who leave that day. no_later_return is a
              period that ended only because no later return has the child (E99): the reason is
              not known, and it is never put with "other". The rows of a year add up.

    Source: DfE, as `ceased_by_age`; the groups are DfE's reasons put together.
    """
    years = years_of(year_ends)
    ceased = _ceased(episodes, years, by)
    reason = grouped(ceased["rec"], ceased_group)
    adult = completed_years(ceased["dob"], ceased["end"]).ge(ADULT).fillna(False).astype(bool)
    at_18 = adult & (ceased["rec"] == ANOTHER_REASON)
    ceased["reason_ceased"] = reason.mask(at_18, "turned_18")
    return _by_year(ceased, years, "reason_ceased", CEASED_GROUPS, areas_of(episodes, by))


def _started(episodes: pd.DataFrame, years: Years, by: By) -> pd.DataFrame:
    """The first period of care that each child started in each year."""
    periods = care_periods(episodes, by=by)
    return once_a_child(periods, "start", years, keep="first", by=by)


def _ceased(episodes: pd.DataFrame, years: Years, by: By) -> pd.DataFrame:
    """The last period of care that each child ended in each year."""
    periods = care_periods(episodes, by=by)
    return once_a_child(periods, "end", years, keep="last", by=by)


def _by_year(
    rows: pd.DataFrame, years: Years, key: str, levels: Sequence[str], areas: pd.DataFrame
) -> pd.DataFrame:
    """The flow of each year by one key: year_ending, key, children, share_pct."""
    frame = tally(rows, {"year_ending": list(years), key: levels}, areas)
    return with_share(frame, [*areas.columns, "year_ending"])
