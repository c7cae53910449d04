"""What a simulation leaves: every future's children month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUPS

#: The states of fostering by the authority's own carers and by agencies (U4 to U6).
IN_HOUSE, AGENCY = "fostering/own", "fostering/independent"

#: Cohorts of fostering beside the placement groups → the states they are made of.
FOSTERING_COHORTS: Mapping[str, tuple[str, ...]] = {
    "fostering_in_house": (IN_HOUSE,),
    "fostering_ifa": (AGENCY,),
}


@dataclass(frozen=True)
class Futures:
    """Simulated futures of one authority: D draws, M months, S states, N needs.

    dates       length M + 1: the day of the stock the futures start from, then each month's
                last day (see `month_ends`)
    states      "<placement_group>/<side>", side one of own, public, independent, none, in the
                order of the placement groups; only those met
    children    int32 [D, M + 1, S]  children looked after on each date
    nights      float32 [D, M, S]  bed nights of each month: its days times the mean of the
                children at its two ends
    entries     int32 [D, M]  starts in the month, those too short to see its end among them
    exits       int32 [D, M]  ends of care in the month, at 18 and of these short stays too
    uasc        int32 [D, M + 1]  unaccompanied asylum-seeking children, part of `children`
    turning_16  int32 [D, M]  turned 16 in the month, looked after at its start and its end
    turning_18  int32 [D, M]  left as they turned 18 in the month
    needs       int32 [D, M + 1, N]  children by family of need, each carried with the child
    need_names  the families of need, as `codes.children.NEED_FAMILIES`

    In each future and month, children at the end = children at the start + entries - exits,
    and the needs of a date add up to its children.
    """

    dates: pd.DatetimeIndex
    states: tuple[str, ...]
    children: np.ndarray
    nights: np.ndarray
    entries: np.ndarray
    exits: np.ndarray
    uasc: np.ndarray
    turning_16: np.ndarray
    turning_18: np.ndarray
    needs: np.ndarray
    need_names: tuple[str, ...]

    @property
    def draws(self) -> int:
        """How many futures there are."""
        return self.children.shape[0]

    @property
    def months(self) -> int:
        """How many months each future has."""
        return self.children.shape[1] - 1

    @property
    def groups(self) -> tuple[str, ...]:
        """all, each placement group met, then the in-house and agency parts of fostering.

        Fostering is in `fostering` as a whole (U4-U6) and once more in its two parts, which
        leave out places of other authorities: groups but not cohorts add up to all.
        """
        met = {state.partition("/")[0] for state in self.states}
        return ("all", *(group for group in PLACEMENT_GROUPS if group in met), *FOSTERING_COHORTS)

    def columns_of(self, group: str) -> list[int]:
        """Which states make up one of `groups`; none where nobody is met in it."""
        if group == "all":
            return list(range(len(self.states)))
        parts = FOSTERING_COHORTS.get(group)
        return [
            at for at, state in enumerate(self.states)
            if (state in parts if parts else state.partition("/")[0] == group)
        ]

    def by_group(self, what: str = "children") -> dict[str, np.ndarray]:
        """Children [D, M + 1] or bed nights [D, M] of each of `groups`.

        what  children or nights
        """
        of_states = getattr(self, what)
        return {
            group: of_states[:, :, self.columns_of(group)].sum(axis=2, dtype=of_states.dtype)
            for group in self.groups
        }


def month_ends(as_at: object, months: int) -> pd.DatetimeIndex:
    """A day, and the end of each of so many months after it.

    From the last day of a month they are last days of months; from another day, that day of
    each month (or the month's last, where it has no such day).

    >>> [f"{day:%d/%m}" for day in month_ends("2025-01-31", 3)]
    ['31/01', '28/02', '31/03', '30/04']
    >>> [f"{day:%d/%m}" for day in month_ends("2025-02-28", 1)]
    ['28/02', '31/03']
    """
    day = pd.Timestamp(as_at).normalize()
    if day.is_month_end:
        return pd.date_range(day, periods=months + 1, freq="ME")
    return pd.DatetimeIndex([day + pd.DateOffset(months=ahead) for ahead in range(months + 1)])
