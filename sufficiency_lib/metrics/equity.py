"""Which children are more likely to live far away, in homes, or to move often."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency_lib.metrics import intervals
from sufficiency_lib.metrics.equity_cohorts import Compared, compared_on
from sufficiency_lib.metrics.stock import iso, percentage, ratio
from sufficiency_lib.metrics.tally import By

#: Fewer children than this on either side, and nothing is said of the difference.
LEAST_CHILDREN = 10
#: A smaller number expected in any of the four cells, and the same (Cochran 1954).
LEAST_EXPECTED = 5
#: A thing recorded of a smaller share of the children is not compared by.
LEAST_RECORDED = 0.8
#: The chance of any false finding in one table.
ALPHA = 0.05

OUTCOMES = ("far", "out_of_area", "residential", "other_setting", "moved_often")

COHORTS = (
    "aged_10_and_over", "aged_16_and_over", "girls", "minority_ethnic", "uasc", "disabled",
    "siblings",
)

#: UASC have no distance from home (DfE), so none can be more or less often far from it.
NOT_COMPARED = frozenset({("far", "uasc")})

COUNTS = (
    "with_outcome", "without_outcome", "reference_with_outcome", "reference_without_outcome",
)
#: Bands of the adjusted p-value, each below its bound.
_P_BANDS = ((0.001, "under_0.001"), (0.01, "under_0.01"), (ALPHA, "under_0.05"))


def equity(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    circumstances: pd.DataFrame | None = None,
    by: By = (),
    least_children: int = LEAST_CHILDREN,
    least_expected: float = LEAST_EXPECTED,
) -> pd.DataFrame:
    """How often each cohort lives far away, or moves, set against all other children.

    episodes       the repaired history: what `equity_cohorts` and
                   `stability.placements_in_year` ask for, and `by`
    as_at          the day; children looked after then, short breaks left out
    circumstances  child_id, sibling_group_id, is_disabled, and `by`, or None
    by             columns of both frames, for a table each
    least_children, least_expected  below these, nothing is said of a difference
    returns        as_at, outcome_compared, cohort, children, with_outcome, without_outcome,
        rate_of_known_pct, low_pct, high_pct (Wilson), the same counts and rate of the
        reference: all other children, left_out (it is not known how it is with them),
        difference_points (low_points, high_points: Newcombe), rate_ratio (low_ratio,
        high_ratio: score), p_adjusted (a band), reading. Intervals are 95%; rates half up to
        one decimal, ratios to two, from the counts.

    A child is among the others too where it is not known to be in the cohort, so that all rows
    of an outcome have one base; not_recorded, and no counts, where it is known of fewer than
    80% of the children. p_adjusted is of the N - 1 chi-squared test, made larger by Holm for
    all comparisons of the table, and reading (more_likely, less_likely, no_clear_difference)
    rests on it: several comparisons are not read as one. It is too_few, and no difference is
    given, with fewer than 10 children on either side or fewer than 5 expected in a cell;
    nobody, with none. An outcome which fewer than 10 children have, or do not have, has one
    row: cohort `all`, with no reference.

    Source: see `intervals`; which cohorts: the LGA's resource pack on sufficiency (teenagers,
    siblings, disabled children, UASC), with sex and ethnicity (Equality Act 2010, s149).

    >>> history = pd.DataFrame({"child_id": range(60), "is_short_break": False,
    ...     "decom": pd.Timestamp("2024-05-01"), "dec": pd.NaT, "distance_miles": 5.0,
    ...     "boundary": ["outside"] * 20 + ["inside"] * 40, "placement_group": "fostering",
    ...     "dob": pd.to_datetime(["2010-01-01"] * 30 + ["2018-01-01"] * 30), "sex": "male",
    ...     "ethnicity_code": "WBRI", "need_code": "N1", "ever_uasc": False,
    ...     "uasc_until": pd.NaT, "care_period_id": range(60), "placement_id": range(60),
    ...     "provider": "own", "placement_postcode": None})
    >>> table = equity(history, "2025-03-31")
    >>> asked = (table["outcome_compared"] == "out_of_area") & (table["with_outcome"] > 0)
    >>> table.loc[asked, ["cohort", "difference_points", "reading"]].to_numpy().tolist()
    [['aged_10_and_over', 66.7, 'more_likely']]
    """
    day = pd.Timestamp(as_at)
    frame = _counted(compared_on(episodes, day, circumstances, by), least_children)
    frame.insert(len(by), "as_at", iso(day))
    frame = _with_comparisons(_with_rates(frame), least_children, least_expected)
    return _with_readings(frame, list(by))


def _counted(compared: Compared, least_children: int) -> pd.DataFrame:
    """The four counts of every outcome and cohort, for every area, one row each."""
    areas, area, answers, cohorts = compared
    everyone = pd.Series(True, index=range(len(area)), dtype="boolean")
    pairs = [
        (outcome, cohort) for outcome in answers for cohort in ("all", *cohorts)
        if (outcome, cohort) not in NOT_COMPARED
    ]
    members = {"all": everyone, **cohorts}
    counts = np.stack([_four_counts(answers[outcome], members[cohort], area, len(areas))
                       for outcome, cohort in pairs], axis=1).reshape(-1, 4)
    recorded = np.stack([is_recorded(members[cohort], area, len(areas))
                         for _, cohort in pairs], axis=1).reshape(-1)
    keys = pd.DataFrame(pairs, columns=["outcome_compared", "cohort"])
    frame = areas.merge(keys, how="cross")
    frame = frame.assign(**dict(zip(COUNTS, counts.T.astype("float64"), strict=True)))
    sizes = np.bincount(area, minlength=len(areas))
    frame["left_out"] = np.repeat(sizes, len(pairs)) - counts.sum(axis=1)
    frame = frame.assign(is_recorded=recorded, table=np.repeat(np.arange(len(areas)), len(pairs)))
    frame = _either_all_or_each(frame, least_children)
    frame.loc[~frame["is_recorded"], list(COUNTS)] = np.nan
    frame.loc[frame["cohort"] == "all", list(COUNTS[2:])] = np.nan
    return frame


def _four_counts(
    had: pd.Series, within: pd.Series, area: np.ndarray, areas: int
) -> np.ndarray:
    """By area: with and without the outcome in the cohort, then among all others."""
    known = had.notna().to_numpy()
    yes = had[known].to_numpy(dtype=bool)
    inside = within[known].fillna(False).to_numpy(dtype=bool)
    cell = area[known] * 4 + 2 * ~inside + ~yes
    return np.bincount(cell, minlength=4 * areas).reshape(areas, 4)


def is_recorded(within: pd.Series, area: np.ndarray, areas: int) -> np.ndarray:
    """Whether it is known of enough children, in each area, if they are in a cohort."""
    known = np.bincount(area, weights=within.notna().to_numpy(), minlength=areas)
    return known >= LEAST_RECORDED * np.bincount(area, minlength=areas)


def _either_all_or_each(frame: pd.DataFrame, least_children: int) -> pd.DataFrame:
    """The row of all children where too few have an outcome, and else a row a cohort."""
    is_all = frame["cohort"] == "all"
    few = frame[["with_outcome", "without_outcome"]].min(axis=1) < least_children
    refused = (few & is_all).groupby([frame["table"], frame["outcome_compared"]], sort=False)
    return frame[is_all == refused.transform("any")].reset_index(drop=True)


def _with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """The bases, the two rates, and the interval of the cohort's."""
    children = frame["with_outcome"] + frame["without_outcome"]
    others = frame["reference_with_outcome"] + frame["reference_without_outcome"]
    low, high = intervals.wilson(frame["with_outcome"], children)
    return frame.assign(
        children=children,
        rate_of_known_pct=percentage(frame["with_outcome"], children),
        low_pct=ratio(low, 1, 100, 1),
        high_pct=ratio(high, 1, 100, 1),
        reference_children=others,
        reference_rate_pct=percentage(frame["reference_with_outcome"], others),
    )


def _with_comparisons(
    frame: pd.DataFrame, least_children: int, least_expected: float
) -> pd.DataFrame:
    """The difference and the ratio, each with its interval, where there are children enough."""
    cells = ["with_outcome", "children", "reference_with_outcome", "reference_children"]
    enough = frame[["children", "reference_children"]].min(axis=1) >= least_children
    enough &= intervals.smallest_expected(*(frame[c] for c in cells)) >= least_expected
    one, of_one, two, of_two = four = [frame[cell].where(enough) for cell in cells]
    said = {
        "difference_points": ratio(one * of_two - two * of_one, of_one * of_two, 100, 1),
        "rate_ratio": ratio(one * of_two, two * of_one, 1, 2),
        "p_value": intervals.equality(*four),
    }
    for name, made, per, places in (
        ("points", intervals.newcombe, 100, 1), ("ratio", intervals.score_ratio, 1, 2)
    ):
        low, high = made(*four)
        said[f"low_{name}"] = ratio(low, 1, per, places)
        said[f"high_{name}"] = ratio(high, 1, per, places)
    return frame.assign(**said)


def _with_readings(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """What may be concluded, after all comparisons of each table have been allowed for."""
    p = frame["p_value"]
    adjusted = (
        p.groupby([frame[column] for column in by], sort=False).transform(intervals.holm)
        if by else pd.Series(intervals.holm(p), index=frame.index)
    )
    ahead = (
        frame["with_outcome"] * frame["reference_children"]
        - frame["reference_with_outcome"] * frame["children"]
    )
    nobody = frame[["children", "reference_children"]].min(axis=1) == 0
    reading = read(adjusted, ahead).mask(nobody & (frame["cohort"] != "all"), "nobody")
    frame = frame.assign(
        p_adjusted=p_band(adjusted),
        reading=reading.mask(~frame["is_recorded"], "not_recorded"),
    )
    whole = [*COUNTS, "children", "reference_children", "left_out"]
    frame = frame.astype(dict.fromkeys(whole, "Int64"))
    return frame[[
        *by, "as_at", "outcome_compared", "cohort", "children", "with_outcome",
        "without_outcome", "rate_of_known_pct", "low_pct", "high_pct", "reference_children",
        "reference_with_outcome", "reference_without_outcome", "reference_rate_pct",
        "left_out", "difference_points", "low_points", "high_points", "rate_ratio",
        "low_ratio", "high_ratio", "p_adjusted", "reading",
    ]]


def p_band(adjusted: pd.Series) -> pd.Series:
    """The band of each adjusted p-value; None where there is none.

    Bands, because a p-value to three places would give back counts that were rounded.

    >>> p_band(pd.Series([0.0004, 0.049, 0.5])).tolist()
    ['under_0.001', 'under_0.05', 'not_under_0.05']
    """
    named = pd.Series("not_under_0.05", index=adjusted.index, dtype="object")
    for bound, name in reversed(_P_BANDS):
        named[adjusted < bound] = name
    return named.where(adjusted.notna(), None)


def read(adjusted: pd.Series, ahead: pd.Series) -> pd.Series:
    """The reading of each adjusted p-value, by the sign of the difference.

    >>> read(pd.Series([0.01, 0.01, 0.2, None]), pd.Series([1, -1, 1, 1])).tolist()
    ['more_likely', 'less_likely', 'no_clear_difference', 'too_few']
    """
    said = pd.Series("no_clear_difference", index=adjusted.index, dtype="object")
    said[(adjusted < ALPHA) & (ahead > 0)] = "more_likely"
    said[(adjusted < ALPHA) & (ahead < 0)] = "less_likely"
    return said.where(adjusted.notna(), "too_few")
