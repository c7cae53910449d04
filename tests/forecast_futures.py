"""Hand-made futures for the tests of what is said of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sufficiency_lib.codes.children import NEED_FAMILIES
from sufficiency_lib.forecast.futures import Futures, month_ends

AS_AT = "2025-03-31"


def futures(
    paths: Mapping[str, np.ndarray], *, as_at: str = AS_AT, turning: int = 0, uasc: int = 0
) -> Futures:
    """Futures of given children: state → [draws, months + 1].

    turning  young people who turn 16, and as many who turn 18, in every month
    uasc     unaccompanied children on every date; the first family of need has everybody
    """
    children = np.stack(list(paths.values()), axis=2).astype("int32")
    draws, ends, _ = children.shape
    dates = month_ends(as_at, ends - 1)
    days = np.diff(dates.to_numpy()).astype("timedelta64[D]").astype("float32")
    nights = (children[:, 1:] + children[:, :-1]) / np.float32(2) * days[None, :, None]
    flat = np.zeros((draws, ends - 1), dtype="int32")
    needs = np.zeros((draws, ends, len(NEED_FAMILIES)), dtype="int32")
    needs[:, :, 0] = children.sum(axis=2)
    return Futures(
        dates=dates, states=tuple(paths), children=children, nights=nights.astype("float32"),
        entries=flat, exits=flat, uasc=np.full((draws, ends), uasc, dtype="int32"),
        turning_16=flat + turning, turning_18=flat + turning, needs=needs,
        need_names=NEED_FAMILIES,
    )


def level(value: int, *, draws: int = 10, months: int = 24) -> np.ndarray:
    """The same number on every date of every future."""
    return np.full((draws, months + 1), value)


def spread(start: int, *, draws: int = 10, months: int = 24) -> np.ndarray:
    """From `start` today; later the futures have start + 1, start + 2 ... start + draws."""
    paths = start + np.repeat(np.arange(1, draws + 1)[:, None], months + 1, axis=1)
    paths[:, 0] = start
    return paths


def history(*rows: tuple[str, str, str, str | None, str, str]) -> pd.DataFrame:
    """Episodes: child, placement group, provider, decom, dec, dob (a period of care each)."""
    columns = ["child_id", "placement_group", "provider", "decom", "dec", "dob"]
    frame = pd.DataFrame(list(rows), columns=columns)
    for day in ("decom", "dec", "dob"):
        frame[day] = pd.to_datetime(frame[day])
    return frame.assign(is_short_break=False, care_period_id=range(len(frame)), rne="S")
