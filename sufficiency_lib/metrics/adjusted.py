"""Which differences remain when age, sex and the rest are held alike: a small logistic model."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from sufficiency_lib.metrics import intervals
from sufficiency_lib.metrics.equity import NOT_COMPARED, is_recorded, p_band, read
from sufficiency_lib.metrics.equity_cohorts import Answers, compared_on
from sufficiency_lib.metrics.stock import iso, ratio
from sufficiency_lib.metrics.tally import By

#: What a model holds alike, each against all other children; ages against under 10.
TERMS = ("aged_10_to_15", "aged_16_and_over", "girls", "minority_ethnic", "uasc", "disabled")

_AGES = TERMS[:2]

#: Children with the outcome, and without it, on either side of a term.
LEAST_IN_CELL = 5
#: Children with the outcome, and without it, that a model needs for each of its terms.
LEAST_PER_TERM = 10
#: A log odds this uncertain is an estimate that has run away: separation.
MOST_UNSURE = 5.0

_ODDS = ("odds_ratio", "low_odds_ratio", "high_odds_ratio")


class Least(NamedTuple):
    """How many children a model needs, with the outcome and without it."""

    per_term: int
    in_cell: int


class Told(NamedTuple):
    """Of which children an answer is known, and of which it is yes."""

    known: np.ndarray
    yes: np.ndarray

    def only(self, places: np.ndarray) -> Told:
        """The same of some of the children."""
        return Told(self.known[places], self.yes[places])


class Fit(NamedTuple):
    """Log odds of each term, with their 95% interval (Wald) and p-value."""

    log_odds: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray


def equity_adjusted(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    circumstances: pd.DataFrame | None = None,
    by: By = (),
    least_per_term: int = LEAST_PER_TERM,
    least_in_cell: int = LEAST_IN_CELL,
) -> pd.DataFrame:
    """Odds of living far away, or of moving often, with the other cohorts held alike.

    The frames, the day, `by` and the outcomes are those of `equity.equity`.

    least_per_term, least_in_cell  what a model, and each of its terms, needs: 10 and 5 below
    returns  as_at, outcome_compared, term, children (of the term's cohort, of whom the outcome
        is known), odds_ratio, low_odds_ratio, high_odds_ratio (95%, Wald, half up to two
        decimals), p_adjusted (a band, after Holm over all terms of the table), reading, model,
        and base_children: the smallest number with or without the outcome on either side

    One logistic model an outcome. Terms: TERMS, without UASC for the distance from home; a
    child not known to be in a cohort is not in it. A term is not in the model
    (`term_left_out`) unless it is recorded of 80% of the children, and 5 have the outcome and
    5 do not, both in its cohort and among those it is set against. A model is refused, with one
    row, term `all`: `too_sparse` where that is so of an age group, as nothing is held alike
    without age; `too_few` with fewer than 10 children with the outcome, or 10 without, for
    each term (Peduzzi et al. 1996, *J Clin Epidemiol* 49, 1373-1379; a rule of thumb, no
    warrant: van Smeden et al. 2016, *BMC Med Res Methodol* 16, 163); `separated` where the
    terms together foretell the outcome, so that no answer is finite. A placement's kind is no
    term: it is how a child comes to live far away, and would hide what is asked.
    """
    day = pd.Timestamp(as_at)
    areas, area, answers, cohorts = compared_on(episodes, day, circumstances, by)
    terms, least = _terms_of(cohorts), Least(least_per_term, least_in_cell)
    recorded = {term: is_recorded(said, area, len(areas)) for term, said in terms.items()}
    had, of = ({name: _told(said) for name, said in group.items()} for group in (answers, terms))
    made = [
        {"area": at} | row
        for at, here in enumerate(_places(area, len(areas)))
        for outcome, told in had.items()
        for row in _model_rows(
            outcome, told.only(here),
            {term: of[term].only(here) for term in of if (outcome, term) not in NOT_COMPARED},
            {term for term in of if recorded[term][at]}, least,
        )
    ]
    table = _with_readings(made)
    whose = table.pop("area").to_numpy(dtype="int64")
    table.insert(0, "as_at", iso(day))
    for at, column in enumerate(by):
        table.insert(at, column, areas[column].take(whose).to_numpy())
    return table


def _terms_of(cohorts: Answers) -> Answers:
    older = cohorts["aged_16_and_over"]
    return {"aged_10_to_15": cohorts["aged_10_and_over"] & ~older} | {
        term: cohorts[term] for term in TERMS if term != "aged_10_to_15"
    }


def _told(answer: pd.Series) -> Told:
    return Told(answer.notna().to_numpy(), answer.fillna(False).to_numpy(dtype=bool))


def _places(area: np.ndarray, areas: int) -> list[np.ndarray]:
    """Where the children of each area are among the rows."""
    order = np.argsort(area, kind="stable")
    starts = np.searchsorted(area[order], np.arange(areas + 1))
    return [order[start:end] for start, end in pairwise(starts)]


def _with_readings(made: list[dict[str, object]]) -> pd.DataFrame:
    """The rows of every model, with readings that allow for all models of an area."""
    columns = ["area", "outcome_compared", "term", "model", "children", "log_odds", "low",
               "high", "p", "base_children"]
    frame = pd.DataFrame(made, columns=columns).astype(
        dict.fromkeys(("log_odds", "low", "high", "p"), "float64")
    )
    adjusted = frame["p"].groupby(frame["area"], sort=False).transform(intervals.holm)
    for name, column in zip(_ODDS, ("log_odds", "low", "high"), strict=True):
        frame[name] = ratio(np.exp(frame[column]), 1, 1, 2)
    frame["p_adjusted"] = p_band(adjusted)
    said = read(adjusted, frame["log_odds"])
    frame["reading"] = said.where(adjusted.notna(), None)
    return frame[["area", "outcome_compared", "term", "children", *_ODDS, "p_adjusted",
                  "reading", "model", "base_children"]]


def _model_rows(
    outcome: str, had: Told, terms: Mapping[str, Told], recorded: Set[str], least: Least
) -> list[dict[str, object]]:
    """One outcome of an area: a row a term, or one row that says why there is no model."""
    yes = had.yes[had.known]
    everyone = np.ones(len(yes), dtype=bool)
    inside = {term: told.yes[had.known] for term, told in terms.items()}
    fewest = {t: _fewest(yes, within, _against(t, inside)) for t, within in inside.items()}
    kept = [t for t, n in fewest.items() if n >= least.in_cell and t in recorded]
    verdict, fit = _fitted(yes, inside, kept, least)
    base = {"outcome_compared": outcome, "model": verdict}
    if fit is None:
        few = _fewest(yes, everyone, everyone)
        return [base | {"term": "all", "children": len(yes), "base_children": few}]
    rows = [
        base | {"term": t, "children": int(within.sum()), "base_children": fewest[t]}
        for t, within in inside.items()
    ]
    estimates = dict(zip(kept, zip(*fit, strict=True), strict=True))
    return [
        row | dict(zip(Fit._fields, estimates[row["term"]], strict=True))
        if row["term"] in estimates else row | {"model": "term_left_out"}
        for row in rows
    ]


def _against(term: str, inside: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whom a term is set against: an age, those under 10; else all who are not in it."""
    return ~(inside[_AGES[0]] | inside[_AGES[1]]) if term in _AGES else ~inside[term]


def _fewest(yes: np.ndarray, within: np.ndarray, against: np.ndarray) -> int:
    """The smallest number with or without the outcome, in a cohort or against it."""
    return int(min((yes[side] == had).sum() for side in (within, against) for had in (0, 1)))


def _fitted(
    yes: np.ndarray, inside: Mapping[str, np.ndarray], kept: Sequence[str], least: Least
) -> tuple[str, Fit | None]:
    """The model, or the word for why there is none."""
    rarer = min(int(yes.sum()), int((~yes).sum()))
    if rarer < least.per_term * max(len(kept), len(_AGES)):
        return "too_few", None
    if not set(_AGES) <= set(kept):
        return "too_sparse", None
    fit = logistic(yes, np.column_stack([inside[term] for term in kept]))
    return ("fitted", fit) if fit is not None else ("separated", None)


def logistic(yes: np.ndarray, terms: np.ndarray) -> Fit | None:
    """A logistic regression of yes or no on terms, by maximum likelihood; None if it has none.

    yes    one a child
    terms  a column a term

    With one term of yes or no, the odds ratio is the cross-product of the four counts.

    >>> fit = logistic(np.repeat([True, False, True, False], [30, 10, 20, 40]),
    ...                np.repeat([1, 0], [40, 60])[:, None])
    >>> round(float(np.exp(fit.log_odds[0])), 6)
    6.0
    """
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.tools.sm_exceptions import (
        ConvergenceWarning,
        HessianInversionWarning,
        PerfectSeparationError,
        PerfectSeparationWarning,
    )

    design = np.column_stack([np.ones(len(yes)), terms]).astype("float64")
    try:
        with warnings.catch_warnings():
            for told in (ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning):
                warnings.simplefilter("error", told)
            result = Logit(np.asarray(yes, dtype="float64"), design).fit(disp=0)
            unsure = np.asarray(result.bse)
    except (
        ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning,
        PerfectSeparationError, np.linalg.LinAlgError,
    ):
        return None
    if not np.all(np.isfinite(unsure)) or unsure.max() > MOST_UNSURE:
        return None
    ends = np.asarray(result.conf_int())
    return Fit(*(np.asarray(part)[1:] for part in
                 (result.params, ends[:, 0], ends[:, 1], result.pvalues)))
