"""Each target of the profile: what it started from, how far it has come, the chance of meeting it.

A baseline counts only if it is of the target's own definition: the same measure under the same
rule. A baseline of another is refused, because a distance between two definitions is no progress.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.scenarios import NO_CHANGE
from sufficiency_lib.judgement import target_words as words
from sufficiency_lib.judgement.measures import (
    ANY_RULE,
    MEASURES,
    Measure,
    figure_on,
    figures_by_day,
    rule_of,
)
from sufficiency_lib.judgement.past_changes import chance_from_changes
from sufficiency_lib.judgement.shown import HIDDEN, Shown, number_in
from sufficiency_lib.metrics.duration import DAYS_A_YEAR
from sufficiency_lib.metrics.headline import Figure
from sufficiency_lib.metrics.marks import NOT_APPLICABLE, SUPPRESSED
from sufficiency_lib.metrics.stock import iso
from sufficiency_lib.settings import LocalitySettings, Target

COLUMNS = (
    "metric", "label", "rule", "unit", "target", "target_date", "baseline", "baseline_date",
    "baseline_source", "value", "numerator", "denominator", "progress_pct", "chance_met_pct",
    "chance_basis", "standing", "reason",
)  # fmt: skip

FROM_PROFILE, FROM_RETURNS = "profile", "returns"
BY_FORECAST, BY_PAST_CHANGES = "forecast", "past_changes"
MET, ON_COURSE, BEHIND, MISSED = "met", "on_course", "behind", "missed"
NOT_MEASURED, BASELINE_REFUSED = "not_measured", "baseline_refused"

_EVEN_CHANCE = 50


@dataclass(frozen=True)
class _Baseline:
    """What a target started from: its value, or a mark, or NaN; whether it is refused, and why."""

    value: object = np.nan
    source: str = ""
    is_refused: bool = False
    reason: str = ""


def target_progress(
    shown: Shown,
    targets: Iterable[Target],
    *,
    as_at: object,
    rule: str,
    locality: LocalitySettings,
) -> pd.DataFrame:
    """Every target with its baseline on the same definition, progress and chance, a row each.

    shown     the tables as the page shows them (numbers, marks in their place, or plain numbers):
              children_looked_after, locality (with every rule there is), locality_trend,
              fostering_split, stability and forecast_targets; any may be missing or without rows
    targets   of the profile
    as_at     the day of the page
    rule      the rule in force, for targets that name none
    locality  of the profile, for the words of a rule
    returns   COLUMNS. value, numerator and denominator are as `metrics.headline` reads them, under
              the target's rule. baseline_source: profile, or returns where the profile gives a day
              and no value and a table of several years has that day; blank: none. A refused
              baseline stands in the reason alone, so that nothing is worked out from it.
              progress_pct: 100 x (value - baseline) / (target - baseline), one decimal; above 100
              beyond the target, below 0 further from it than at the start; blank without a
              baseline short of the target. chance_met_pct: of no change in `forecast_targets`
              (chance_basis forecast), or else `past_changes.chance_from_changes`; blank where the
              day has come, there is none, or fewer than three yearly changes are known.
              reason: a sentence where a baseline is refused, something cannot be said, or the
              profile's baseline is not what the returns say; else blank

    standing is one of
      baseline_refused  the baseline is of another measure or rule: no progress is given
      not_measured      there is no figure, or nothing to judge it by; the reason says what would do
      c                 the figure, or what it would be judged by, may not be told
      met               it stands at the target or beyond it on the day of the page, whether or not
                        the target's day has come: until then it may slip back
      missed            the target's day has come, and it does not stand there. A target reached on
                        its day and lost since counts as missed
      on_course         at least as much of the way is behind as of the time from the baseline's
                        day to the target's; behind: less. A straight line, which no council is
                        bound to. Without a baseline the chance decides: on course from 50%

    A mark is never made a number: what rests on a hidden figure is hidden with it.

    >>> near = pd.DataFrame({"rule": ["in_area"], "cohort": ["all"], "children": [200],
    ...     "within": [120], "rate_pct": [60.0]})
    >>> aim = Target(metric="within_rule_pct", value=80, by="2027-03-31", baseline=50,
    ...              baseline_on="2023-03-31")
    >>> got = target_progress({"locality": near}, [aim], as_at="2025-03-31", rule="in_area",
    ...                       locality=LocalitySettings())
    >>> got[["value", "progress_pct", "standing"]].to_dict("records")
    [{'value': 60.0, 'progress_pct': 33.3, 'standing': 'behind'}]
    """
    day = pd.Timestamp(as_at).date()
    rows = [_row(target, shown, day, rule, locality) for target in targets]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    target: Target, shown: Shown, day: date, in_force: str, locality: LocalitySettings
) -> tuple[object, ...]:
    own = rule_of(target.metric, target.rule, in_force)
    measure = MEASURES.get(target.metric, Measure())
    now = figure_on(shown, target.metric, own, day, today=True)
    value = np.nan if now is None else now.value
    baseline = _baseline(target, shown, own, in_force, locality)
    progress = np.nan if baseline.is_refused else progress_pct(
        value, baseline.value, target.value, at_most=measure.at_most)
    chance, basis = _chance(target, shown, now, day, own, measure)
    missing = _why_not_measured(target, now, own, locality)
    standing, why = (NOT_MEASURED, missing) if missing else _standing(
        target, value, baseline, progress, chance, day, measure
    )
    if baseline.is_refused:
        standing, why = BASELINE_REFUSED, missing
    return (
        target.metric, target.label or (now.label if now else target.metric), own,
        now.unit if now else words.unit_of(target.metric), target.value, _iso(target.by),
        baseline.value, "" if baseline.is_refused else _iso(target.baseline_on), baseline.source,
        value, *((np.nan, np.nan) if now is None else (now.numerator, now.denominator)),
        progress, chance, basis, standing, " ".join(filter(None, (baseline.reason, why))),
    )


def progress_pct(value: object, baseline: object, target: float, *, at_most: bool) -> object:
    """How much of the way from baseline to target is behind, in per cent; a mark stays hidden.

    at_most  whether less is better
    returns  one decimal; NaN where there is no figure or no baseline, or where the baseline
             already stood at the target or beyond it

    >>> progress_pct(83.0, 84.0, 90.0, at_most=False), progress_pct(300, 330, 240, at_most=True)
    (-16.7, 33.3)
    >>> progress_pct("c", 84.0, 90.0, at_most=False)
    'c'
    """
    if not (_is_known(value) and _is_known(baseline)):
        return SUPPRESSED if {value, baseline} & set(HIDDEN) else np.nan
    if meets(float(baseline), target, at_most=at_most):
        return np.nan
    # Adding nought turns the -0.0 of a very small step back into 0.0.
    return round(100 * (float(value) - float(baseline)) / (target - float(baseline)), 1) + 0.0


def meets(value: float, target: float, *, at_most: bool) -> bool:
    """Whether a value stands at the target or beyond it.

    >>> meets(90.0, 90.0, at_most=False), meets(91.0, 90.0, at_most=True)
    (True, False)
    """
    return value <= target if at_most else value >= target


def _baseline(
    target: Target, shown: Shown, own: str, in_force: str, locality: LocalitySettings
) -> _Baseline:
    """The baseline, if it is of the target's definition."""
    if target.baseline_on is None:
        return _Baseline()
    metric = target.baseline_metric or target.metric
    told = target.baseline_rule or (target.rule if metric == target.metric else None)
    rule = rule_of(metric, told, in_force)
    if (metric, rule) != (target.metric, own):
        said = words.refused(target, (metric, rule), own, locality)
        return _Baseline(is_refused=True, reason=said)
    returned = figure_on(shown, metric, rule, target.baseline_on)
    found = np.nan if returned is None else returned.value
    if target.baseline is not None:
        return _Baseline(target.baseline, FROM_PROFILE, reason=words.differs(target, found))
    if isinstance(found, str) and found in HIDDEN:
        return _Baseline(SUPPRESSED, FROM_RETURNS)
    if not _is_known(found):
        return _Baseline(reason=words.no_baseline_then(target))
    return _Baseline(float(found), FROM_RETURNS)


def _chance(
    target: Target, shown: Shown, now: Figure | None, day: date, own: str, measure: Measure
) -> tuple[object, str]:
    """The chance of meeting a target that is still to come, and what it rests on."""
    if now is None or target.by is None or target.by <= day:
        return np.nan, ""
    rows = shown.get("forecast_targets")
    if rows is not None and len(rows):
        dates = rows["target_date"].map(_iso)
        mine = rows[(rows["metric"] == target.metric) & (rows["scenario"] == NO_CHANGE)
                    & (rows["target"] == target.value) & (dates == _iso(target.by))]
        if len(mine):
            return mine["chance_met_pct"].iloc[0], BY_FORECAST
    if isinstance(now.value, str):
        return (SUPPRESSED, BY_PAST_CHANGES) if now.value in HIDDEN else (np.nan, "")
    past = figures_by_day(shown, target.metric, own)
    upto = {when: one for when, one in past.items() if when <= _iso(day)}
    years = (target.by - day).days / DAYS_A_YEAR
    chance = chance_from_changes(upto, now, target.value, years, at_most=measure.at_most)
    return chance, "" if np.isnan(chance) else BY_PAST_CHANGES


def _why_not_measured(
    target: Target, now: Figure | None, own: str, locality: LocalitySettings
) -> str:
    """Why there is no figure to judge, and what would give one; blank where there is."""
    measure = MEASURES.get(target.metric)
    if measure is None:
        return words.unknown_measure(target.metric, MEASURES)
    if measure.rule != ANY_RULE and own != measure.rule:
        return words.not_under_a_rule(target.metric, own, measure.rule)
    if now is not None and (_is_known(now.value) or now.value in HIDDEN):
        return ""
    # A rate of nobody is z where the table is shown, and blank in the table itself.
    nobody = now is not None and (now.value == NOT_APPLICABLE or now.denominator == 0)
    return words.no_figure(own, locality, is_nobody=nobody)


def _standing(
    target: Target, value: object, baseline: _Baseline, progress: object, chance: object,
    day: date, measure: Measure,
) -> tuple[str, str]:
    """Where a measured target stands, and why no more can be said of it."""
    if not _is_known(value):
        return SUPPRESSED, ""
    if meets(float(value), target.value, at_most=measure.at_most):
        return MET, ""
    if target.by is None:
        return NOT_MEASURED, words.NO_DAY
    if target.by <= day:
        return MISSED, ""
    if _is_known(progress):
        gone = (day - target.baseline_on) / (target.by - target.baseline_on)
        return (ON_COURSE if float(progress) >= 100 * gone else BEHIND), ""
    if _is_known(baseline.value):
        return BEHIND, words.WAS_THERE
    if progress == SUPPRESSED or chance in HIDDEN:
        return SUPPRESSED, ""
    if _is_known(chance):
        return (ON_COURSE if float(chance) >= _EVEN_CHANCE else BEHIND), ""
    return NOT_MEASURED, "" if baseline.reason else words.NO_BASELINE


def _is_known(value: object) -> bool:
    return number_in(value) is not None


def _iso(day: object) -> str:
    """A day as ISO text; blank for none."""
    return "" if day is None else iso(day)
