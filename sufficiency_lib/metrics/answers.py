"""What the measures of outcomes share: rates of yes, the outcome spoken to, the years told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from pandas.api.types import is_float_dtype

from sufficiency_lib.codes.outcomes import OUTCOME_OF
from sufficiency_lib.metrics.stock import percentage
from sufficiency_lib.metrics.tally import By, has_rows, tally, with_counts


def answered(
    answers: pd.DataFrame, levels: Mapping[str, Iterable[object]], areas: pd.DataFrame
) -> pd.DataFrame:
    """How many said yes and no, of how many nothing is recorded, and the rates of yes.

    answers  one row a child and measure: the keys of `levels` (measure among them), the
             columns of `areas`, and `answer`: true, false, or NA where it is not recorded
    levels   see `tally`
    returns  the keys, numerator (yes), answered_no, not_recorded, denominator (these three),
             rate_pct (of the denominator, as DfE divides) and rate_of_known_pct (of those
             recorded). Where somebody was asked and nothing is recorded of anybody, yes and
             no are NA and the rates NaN: nothing known is not nobody.

    >>> rows = pd.DataFrame({"measure": ["teeth_check"] * 4,
    ...     "answer": pd.array([True, True, False, None], dtype="boolean")})
    >>> shown = answered(rows, {"measure": ["teeth_check"]}, pd.DataFrame(index=[0]))
    >>> print(shown.drop(columns="measure").to_string(index=False))
     numerator  answered_no  not_recorded  denominator  rate_pct  rate_of_known_pct
             2            1             1            4      50.0               66.7
    """
    keys = [*areas.columns, *levels]
    said = answers["answer"].astype("boolean")
    yes, silent = said.fillna(False).astype(bool), said.isna()
    frame = tally(answers[yes], levels, areas, name="numerator")
    frame = with_counts(frame, answers[~yes & ~silent], keys, name="answered_no")
    frame = with_counts(frame, answers[silent], keys, name="not_recorded")
    recorded = frame["numerator"] + frame["answered_no"]
    everybody = recorded + frame["not_recorded"]
    unheard = (recorded == 0) & (everybody > 0)
    return frame.assign(
        numerator=frame["numerator"].astype("Int64").mask(unheard),
        answered_no=frame["answered_no"].astype("Int64").mask(unheard),
        denominator=everybody,
        rate_pct=percentage(frame["numerator"], everybody.mask(unheard)),
        rate_of_known_pct=percentage(frame["numerator"], recorded),
    )


def with_outcome(frame: pd.DataFrame, *, before: str = "measure") -> pd.DataFrame:
    """A table of measures with the one of the five outcomes that each speaks to.

    >>> with_outcome(pd.DataFrame({"measure": ["convicted"]})).to_dict("list")
    {'five_outcome': ['positive_contribution'], 'measure': ['convicted']}
    """
    frame = frame.copy()
    outcomes = [OUTCOME_OF[measure] for measure in frame[before]]
    frame.insert(frame.columns.get_loc(before), "five_outcome", pd.Series(
        outcomes, index=frame.index, dtype=object))
    return frame


def only_of_years_told(
    frame: pd.DataFrame, records: pd.DataFrame, columns: Iterable[str], *, by: By = ()
) -> pd.DataFrame:
    """A table whose figures are NA for the years of which a table of the return has no row.

    frame    year_ending and the columns of `by`
    records  return_year and the columns of `by`
    columns  the figures that rest on the records

    Nobody recorded cannot be told from a table that was not sent, so it is not none.

    >>> counts = pd.DataFrame({"year_ending": ["2024-03-31", "2025-03-31"], "children": [0, 0]})
    >>> sent = pd.DataFrame({"return_year": [2025]})
    >>> only_of_years_told(counts, sent, ["children"])["children"].tolist()
    [<NA>, 0]
    """
    keys = [*by, "return_year"]
    years = frame[list(by)].assign(return_year=frame["year_ending"].str[:4].astype("int64"))
    told = has_rows(years, records[keys].astype({"return_year": "int64"}), keys)
    return frame.assign(**{
        name: (frame[name] if is_float_dtype(frame[name]) else frame[name].astype("Int64"))
        .where(told)
        for name in columns
    })
