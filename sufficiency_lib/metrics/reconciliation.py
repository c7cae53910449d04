"""From the rows read to the children looked after: nothing vanishes on the way."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.codes import return_year_of
from sufficiency_lib.intake.years import year_end
from sufficiency_lib.metrics.stock import on_date

COLUMNS = ("step", "children", "episodes")

STEP_LABELS: dict[str, str] = {
    "rows_read": "Episode rows read from every return",
    "unusable": "Left out: no child or no start date",
    "repeated": "Left out: the same episode in another return",
    "history": "The repaired history",
    "open_in_files": "Open in the return for this date",
    "ended_by_repair": "Less: ended by what later rows or returns show",
    "added_by_repair": "Plus: open by what other returns show",
    "open_after_repair": "Open after repair",
    "short_breaks": "Less: series of short breaks (V3, V4)",
    "looked_after": "Looked after",
}


def reconciliation(
    returned: pd.DataFrame, episodes: pd.DataFrame, as_at: pd.Timestamp
) -> pd.DataFrame:
    """The waterfall from episode rows read to children looked after on a day.

    returned  every episode row as read: child_id, decom, dec, legal_status, return_year, and
              `dropped_by` (unusable, 3, or blank for a row in the history)
    episodes  the repaired history: child_id, decom, dec, is_short_break
    as_at     the day
    returns   COLUMNS, a row a step of STEP_LABELS. `open_in_files` counts the rows of the
              return for the year of `as_at` that had started by it and were not ended by it.
              An end after the return's own 31 March is not counted as open, as no return can
              know it. children: distinct.

    `open_in_files` less `ended_by_repair` plus `added_by_repair` is `open_after_repair`;
    less `short_breaks` is `looked_after`. Rows without a child count as episodes only.
    """
    day = pd.Timestamp(as_at)
    year = return_year_of(day.year, day.month)
    own, last_day = returned[returned["return_year"] == year], year_end(year)
    still = own["dec"].isna() & ~own["dec_unreadable"]
    in_files = own[
        (own["decom"] <= day) & (still | ((own["dec"] > day) & (own["dec"] <= last_day)))
    ]
    after = on_date(episodes, day, short_breaks=True)
    ended = in_files[~in_files["child_id"].isin(after["child_id"])]
    added = after[~after["child_id"].isin(in_files["child_id"])]
    steps = {
        "rows_read": returned,
        "unusable": returned[returned["dropped_by"] == "unusable"],
        "repeated": returned[returned["dropped_by"] == "3"],
        "history": episodes,
        "open_in_files": in_files,
        "ended_by_repair": ended,
        "added_by_repair": added,
        "open_after_repair": after,
        "short_breaks": after[after["is_short_break"].astype(bool)],
        "looked_after": on_date(episodes, day),
    }
    rows = [(step, rows["child_id"].nunique(), len(rows)) for step, rows in steps.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))
