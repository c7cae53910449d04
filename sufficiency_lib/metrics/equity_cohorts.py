"""Who is compared with whom, and on what: each child's answers, with not known left open."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sufficiency_lib.codes.children import ethnicity_group
from sufficiency_lib.codes.grouping import grouped
from sufficiency_lib.metrics.locality import is_within
from sufficiency_lib.metrics.stability import OFTEN, placements_in_year
from sufficiency_lib.metrics.stock import completed_years, on_date, uasc_on
from sufficiency_lib.metrics.tally import By, areas_of, has_rows

#: Placement groups that are residential: homes, secure homes, schools, and care, health,
#: family centre and custody (R codes). Supported accommodation is not among them.
RESIDENTIAL = frozenset({"childrens_home", "secure", "residential_school", "other_residential"})

Answers = dict[str, pd.Series]

#: What is asked of the episodes open on the day, beside `by`: all else would only be copied.
ON_THE_DAY = [
    "child_id", "decom", "dec", "is_short_break", "placement_group", "distance_miles",
    "boundary", "dob", "sex", "ethnicity_code", "need_code", "ever_uasc", "uasc_until",
]
#: What `stability.placements_in_year` asks of all episodes.
IN_THE_YEAR = [
    "child_id", "decom", "dec", "is_short_break", "care_period_id", "placement_id",
    "placement_group", "provider", "placement_postcode",
]


class Compared(NamedTuple):
    """The children of a day, with what is asked of each.

    areas     see `tally.areas_of`
    area      which row of the areas each child is in
    outcomes  see `outcomes_of`
    cohorts   see `cohorts_of`
    """

    areas: pd.DataFrame
    area: np.ndarray
    outcomes: Answers
    cohorts: Answers


def compared_on(
    episodes: pd.DataFrame, day: pd.Timestamp, circumstances: pd.DataFrame | None, by: By = ()
) -> Compared:
    """The children looked after on a day, short breaks left out, as they are compared.

    episodes, circumstances  see `equity.equity`
    """
    rows = on_date(episodes[[*by, *ON_THE_DAY]], day).reset_index(drop=True)
    placements = placements_in_year(episodes[[*by, *IN_THE_YEAR]], day, by=by)
    areas = areas_of(episodes, by)
    return Compared(
        areas, _area_of(rows, areas), outcomes_of(rows, placements, by),
        cohorts_of(rows, day, circumstances, by),
    )


def _area_of(rows: pd.DataFrame, areas: pd.DataFrame) -> np.ndarray:
    if areas.columns.empty:
        return np.zeros(len(rows), dtype="int64")
    numbered = areas.assign(area_at=np.arange(len(areas)))
    return rows[list(areas.columns)].merge(numbered, how="left")["area_at"].to_numpy()


def outcomes_of(rows: pd.DataFrame, placements: pd.Series, by: By = ()) -> Answers:
    """What may be so of each child: True, False, or NA where it is not known.

    rows        placement_group, distance_miles, boundary, child_id, one a child
    placements  what `stability.placements_in_year` gives

    far            more than 20 miles from home; not known for UASC, who have no distance
    out_of_area    outside the authority; a place not known is outside, as in DfE's table
    residential    see RESIDENTIAL
    other_setting  P3 and Z codes, which hold unregistered settings
    moved_often    three or more placements in the year
    """
    near = is_within(rows, "home_20_miles", code=None, border_miles=0.0)
    group, side = rows["placement_group"], rows["boundary"]
    keys = [*by, "child_id"]
    index = pd.MultiIndex.from_frame(rows[keys]) if by else pd.Index(rows["child_id"])
    moves = placements.reindex(index).set_axis(rows.index)
    return {
        "far": ~near,
        "out_of_area": _known(side == "outside", side.isin(["inside", "outside"])),
        "residential": group.isin(list(RESIDENTIAL)).astype("boolean"),
        "other_setting": (group == "other").astype("boolean"),
        "moved_often": _known(moves >= OFTEN, moves.notna()),
    }


def cohorts_of(
    rows: pd.DataFrame,
    day: pd.Timestamp,
    circumstances: pd.DataFrame | None = None,
    by: By = (),
) -> Answers:
    """Which cohorts each child is in: True, False, or NA where it is not known.

    rows           dob, sex, ethnicity_code, need_code, ever_uasc, uasc_until, child_id
    circumstances  by, child_id, sibling_group_id, is_disabled, or None

    aged_10_and_over, aged_16_and_over  completed years on the day
    girls                               not boys
    minority_ethnic                     mixed, Asian, Black and other groups, not White
    uasc                                on the day
    disabled                            as recorded, or category of need N2; where the area
        records nothing of any child, by the need alone
    siblings                            with a brother or sister looked after that day; a
        child of no record is not known, nor is anybody where the area names no group
    """
    age = completed_years(rows["dob"], day)
    sex = rows["sex"]
    ethnic = grouped(rows["ethnicity_code"], ethnicity_group)
    return {
        "aged_10_and_over": _known(age >= 10, age.notna()),
        "aged_16_and_over": _known(age >= 16, age.notna()),
        "girls": _known(sex == "female", sex.isin(["female", "male"])),
        "minority_ethnic": _known(ethnic != "white", ethnic != "refused"),
        "uasc": uasc_on(rows, day).astype("boolean"),
        "disabled": _disabled(rows, circumstances, by),
        "siblings": _siblings(rows, circumstances, by),
    }


def _disabled(
    rows: pd.DataFrame, circumstances: pd.DataFrame | None, by: By
) -> pd.Series:
    """Recorded so, or looked after for it; where an area records nothing, the need alone."""
    need = (rows["need_code"] == "N2").fillna(False).astype("boolean")
    if circumstances is None:
        return need
    said = circumstances[circumstances["is_disabled"].notna()]
    recorded = _look_up(rows, said, ["is_disabled"], by)["is_disabled"].astype("boolean")
    return need | recorded.where(has_rows(rows, said, by), False)


def _siblings(
    rows: pd.DataFrame, circumstances: pd.DataFrame | None, by: By
) -> pd.Series:
    """With another child of the same group among the rows; NA for a child of no record."""
    if circumstances is None:
        return pd.Series(pd.NA, index=rows.index, dtype="boolean")
    said = _look_up(rows, circumstances.assign(is_known=True), ["sibling_group_id", "is_known"],
                    by)
    group, known = said["sibling_group_id"], said["is_known"].notna()
    keys = [group, *(rows[column] for column in by)]
    together = group.groupby(keys, observed=True).transform("size") > 1
    known &= has_rows(rows, circumstances[circumstances["sibling_group_id"].notna()], by)
    return _known(together, known)


def _look_up(
    rows: pd.DataFrame, table: pd.DataFrame, columns: list[str], by: By
) -> pd.DataFrame:
    """Columns of a table of one row a child, beside the rows."""
    keys = [*by, "child_id"]
    said = table.drop_duplicates(keys)[[*keys, *columns]]
    if said.empty:
        return pd.DataFrame(pd.NA, index=rows.index, columns=columns, dtype="object")
    # Keys stored alike are matched as they are, which is quicker.
    unlike = {key: object for key in keys if rows[key].dtype != said[key].dtype}
    found = rows[keys].astype(unlike).merge(said.astype(unlike), on=keys, how="left")
    return found[columns].set_axis(rows.index)


def _known(answer: pd.Series, is_known: pd.Series) -> pd.Series:
    """An answer as True or False, and NA where it is not known."""
    return answer.fillna(False).astype("boolean").where(is_known.astype(bool))
