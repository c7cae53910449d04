"""The published panel as logarithms of entries and of exit hazards, up to one year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast.panel_read import Panel

#: Fewer authorities than this say little of how rates differ and move.
LEAST_AREAS = 10


@dataclass(frozen=True)
class Flows:
    """What the panel says of each area's flows in the years up to an origin.

    areas      DfE numbers of the areas [areas]
    years      how many years are known
    shared     logs of entries (relative to the size) and of hazards, of the mean authority,
               entries before exits [2 years]
    own        the same of each area, less the shared [areas, 2 years]; NaN where not known
    size       log of the children looked after before the area's first year [areas]
    entries    children who start in a usual year [areas]
    exits      children who cease in a usual year [areas]
    stock      children looked after at the origin [areas]; NaN where not known
    """

    areas: np.ndarray
    years: int
    shared: np.ndarray
    own: np.ndarray
    size: np.ndarray
    entries: np.ndarray
    exits: np.ndarray
    stock: np.ndarray


def flows(panel: Panel, origin: int, *, of: Panel | None = None) -> Flows:
    """Entries and exit hazards of the years up to the origin; later years are not looked at.

    panel   the authorities from which the shared part is taken
    origin  the last year that is known
    of      whose flows; None: the authorities' themselves

    The hazard of a year is -log of the share that stays: of the children looked after at its
    start and those who started in it, those looked after at its end,

        hazard(t) = log((stock(t-1) + starts(t)) / stock(t)).

    Of an area's first year the stock before is not known. There it is taken from the children
    who ceased, log((stock + ceased) / stock), times how the two ways compare in later years (a
    child who starts twice in a year is one of the starts), or 1 while there are none.

    Raises
    ------
    InputError: nothing is known up to the origin, or of too few authorities.
    """
    past = panel.until(origin)
    many = int((past.stock > 0).any(axis=1).sum())
    if many < LEAST_AREAS:
        raise InputError(
            f"The panel up to {origin} has {many} authorities with children looked after; "
            f"expected at least {LEAST_AREAS}."
        )
    base = _logs(past)
    shared = np.concatenate([_shared(base.entries), _shared(base.hazards)])
    chosen = base if of is None else _logs(of.until(origin), base.twice)
    own = np.concatenate([chosen.entries, chosen.hazards], axis=1) - shared
    return Flows(
        areas=chosen.index.to_numpy(),
        years=base.entries.shape[1],
        shared=shared,
        own=own,
        size=chosen.size,
        entries=chosen.mean_entries,
        exits=chosen.mean_exits,
        stock=chosen.stock,
    )


@dataclass(frozen=True)
class _Logs:
    index: pd.Index
    entries: np.ndarray
    hazards: np.ndarray
    size: np.ndarray
    mean_entries: np.ndarray
    mean_exits: np.ndarray
    stock: np.ndarray
    twice: float


def _logs(panel: Panel, twice: float | None = None) -> _Logs:
    """Logs of entries over the size, and of hazards [areas, years]; NaN where not known."""
    frames = (panel.stock, panel.starts, panel.ceased)
    usable = np.logical_and.reduce([frame.to_numpy() > 0 for frame in frames])
    stock, starts, ceased = (np.where(usable, frame.to_numpy(), np.nan) for frame in frames)
    before = np.concatenate([np.full((len(stock), 1), np.nan), stock[:, :-1]], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_stock = np.log((before + starts) / stock)
        by_ceased = np.log((stock + ceased) / stock)
    compared = (by_stock / by_ceased)[np.isfinite(by_stock) & (by_stock > 0)]
    if twice is None:
        twice = float(np.median(compared)) if len(compared) else 1.0
    hazard = np.where(by_stock > 0, by_stock, by_ceased * twice)
    some = np.isfinite(hazard).any(axis=1)
    stock, starts, ceased, hazard = (one[some] for one in (stock, starts, ceased, hazard))
    first = np.isfinite(hazard).argmax(axis=1)
    at = np.arange(len(first)), first
    # At least one child, where all of the first year started in it.
    size = np.log(np.maximum(stock[at] * np.exp(hazard[at]) - starts[at], 1.0))
    return _Logs(
        index=panel.stock.index[some],
        entries=np.log(starts) - size[:, None],
        hazards=np.log(hazard),
        size=size,
        mean_entries=np.nanmean(starts, axis=1),
        mean_exits=np.nanmean(ceased, axis=1),
        stock=stock[:, -1],
        twice=twice,
    )


def _shared(logs: np.ndarray) -> np.ndarray:
    """The mean authority's log in each year.

    Changes are of authorities known in both years, so that a reorganised one, which leaves the
    panel or joins it, moves nothing.
    """
    change = [np.nanmean(later - sooner) for sooner, later in zip(logs.T, logs.T[1:], strict=False)]
    path = np.concatenate([[0.0], np.cumsum(change)])
    return path + np.nanmean(np.nanmean(logs - path, axis=1))
