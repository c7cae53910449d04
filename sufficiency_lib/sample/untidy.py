"""The ordinary untidiness of real returns, in small and honest doses.

Everything here is repaired by the rules of `cleaning.repair`, and none of it
touches what is open at the last 31 March. Nothing makes a row unreadable.
"""

from __future__ import annotations

import numpy as np

from sufficiency_lib.sample.calibration import FIRST_YEAR, LAST_YEAR
from sufficiency_lib.sample.cohort import CarePeriod
from sufficiency_lib.sample.days import year_end
from sufficiency_lib.sample.episodes import Episode

OVERLAPS = 4
GAPS = 4
DUPLICATED_ROWS = 2
VANISHING_A_YEAR = 2


def blur_ends(episodes: list[Episode], rng: np.random.Generator) -> None:
    """Make a few episodes end some days after the next begins, and a few some days before."""
    # Children still here are in every later return; one who left may be missing from one.
    here = {episode.child for episode in episodes if episode.end is None}
    pairs = [
        (before, after)
        for before, after in zip(episodes, episodes[1:], strict=False)
        if before.reason_ended == "X1" and before.child in here and _has_room(before, after)
    ]
    chosen = rng.permutation(len(pairs))[: OVERLAPS + GAPS].tolist()
    for position, index in enumerate(chosen):
        before, after = pairs[index]
        shift = int(rng.integers(3, 10))
        before.end = after.start + (shift if position < OVERLAPS else -shift)


def vanishing_children(
    periods: list[CarePeriod], rng: np.random.Generator
) -> dict[int, frozenset[int]]:
    """Return year → children left out of it, though the year before left them open.

    Each really left within the year after and never came back, so that no later return
    says what became of them.
    """
    spans: dict[int, list[CarePeriod]] = {}
    for period in periods:
        spans.setdefault(period.child.number, []).append(period)
    omitted: dict[int, frozenset[int]] = {FIRST_YEAR: frozenset()}
    for year in range(FIRST_YEAR + 1, LAST_YEAR + 1):
        gone = set(omitted[year - 1])
        if year < LAST_YEAR:
            leavers = sorted(
                child
                for child, mine in spans.items()
                if max(p.end for p in mine) <= year_end(year)
                and any(p.open_on(year_end(year - 1)) for p in mine)
            )
            gone.update(rng.choice(leavers, VANISHING_A_YEAR, replace=False).tolist())
        omitted[year] = frozenset(gone)
    return omitted


def repeat_rows(rows: list[list[str]], rng: np.random.Generator) -> list[list[str]]:
    """The same rows with a few of them twice, as when an extract is pasted in two parts."""
    repeated = sorted(rng.choice(len(rows), DUPLICATED_ROWS, replace=False).tolist())
    return [*rows, *(list(rows[index]) for index in repeated)]


def _has_room(before: Episode, after: Episode) -> bool:
    """Both episodes are long, and end in one return year before the last."""
    if before.child != after.child or before.end != after.start or after.end is None:
        return False
    years = range(FIRST_YEAR, LAST_YEAR)
    within = any(
        year_end(year - 1) + 15 < after.start < year_end(year) - 15 for year in years
    )
    return within and before.end - before.start > 20 and after.end - after.start > 20
