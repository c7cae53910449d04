"""Futures that were drawn once and are read again, as several notebooks speak of the same ones.

A drawing is known by all that it rests on: the dataset by its content, the day, the scenarios,
what was asked, and the code and parameters of the forecast. An authority keeps one version.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency_lib.forecast import backtest, projection
from sufficiency_lib.forecast.futures import Futures
from sufficiency_lib.forecast.model import nights_between
from sufficiency_lib.settings import cache_folder
from sufficiency_lib.store import code_hash, private, put_whole

if TYPE_CHECKING:
    from sufficiency_lib.dataset import Dataset
    from sufficiency_lib.forecast.projection import Asked
    from sufficiency_lib.settings_forecast import Scenario

#: zlib's quickest: what is kept is read by the same run, so time counts for more than room.
_QUICK = 1
_COUNTS = ("children", "entries", "exits", "uasc", "turning_16", "turning_18", "needs")
#: Rooms whose code decides what futures are drawn; the dataset's own are in its fingerprint.
_ROOMS = ("codes/**/*.py", "metrics/**/*.py", "forecast/**/*.py", "forecast/**/*.toml")


def project(study: Dataset, scenarios: Iterable[Scenario], asked: Asked) -> dict[str, Futures]:
    """`projection.project`, drawn once and kept for the next who asks for the same."""
    listed = tuple(scenarios)
    names = json.dumps([one.model_dump(mode="json") for one in listed])
    place = _place(study, asked, names, "npz.zlib")
    kept = _bytes(place)
    if kept is not None:
        return _read(kept)
    drawn = projection.project(study, listed, asked)
    if drawn:
        _keep(_written(drawn), place)
    return drawn


def tested(study: Dataset, asked: Asked) -> pd.DataFrame:
    """`backtest.backtest` of the dataset's own past, made once and kept."""
    place = _place(study, asked, "backtest", "parquet")
    kept = _bytes(place)
    if kept is None:
        made = backtest.backtest(projection.past(study, asked), study.episodes, study.year_ends)
        kept = made.to_parquet(index=False)
        _keep(kept, place)
    return pd.read_parquet(BytesIO(kept))


def _bytes(place: Path) -> bytes | None:
    """What is kept there; None where there is nothing, or where another run just removed it."""
    try:
        return place.read_bytes()
    except OSError:
        return None


def _keep(content: bytes, place: Path) -> None:
    """Keep a file; where it cannot be written it is made again the next time."""
    with suppress(OSError):
        put_whole(content, place)


def _place(study: Dataset, asked: Asked, what: str, ending: str) -> Path:
    """Where a drawing is kept; those of the authority's other data or code are removed."""
    told = f"{study.fingerprint}\n{study.return_years}\n{code_hash(*_ROOMS)}"
    version = hashlib.sha256(told.encode()).hexdigest()[:24]
    # Last year's page is made beside this year's: it is another drawing of the same data.
    name = hashlib.sha256(f"{study.as_at}\n{asked}\n{what}".encode()).hexdigest()[:24]
    whose = hashlib.sha256(f"{study.parameters.data}\n{study.profile.slug}".encode())
    root = private(cache_folder() / "futures") / whose.hexdigest()[:16]
    folder = private(root / version)
    for other in root.iterdir():
        if other.name != version:
            shutil.rmtree(other, ignore_errors=True)
    return folder / f"{name}.{ending}"


def _written(drawn: Mapping[str, Futures]) -> bytes:
    """All futures as one archive of small whole numbers; nights follow from the children."""
    first = next(iter(drawn.values()))
    about = {"scenarios": list(drawn), "dates": [str(day.date()) for day in first.dates],
             "states": {name: list(one.states) for name, one in drawn.items()},
             "need_names": {name: list(one.need_names) for name, one in drawn.items()}}
    arrays = {
        f"{at}_{count}": _smallest(getattr(one, count))
        for at, one in enumerate(drawn.values()) for count in _COUNTS
    }
    archive = BytesIO()
    np.savez(archive, about=np.array(json.dumps(about)), **arrays)
    return zlib.compress(archive.getvalue(), level=_QUICK)


def _smallest(counts: np.ndarray) -> np.ndarray:
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def _read(archive: bytes) -> dict[str, Futures]:
    with np.load(BytesIO(zlib.decompress(archive)), allow_pickle=False) as kept:
        about = json.loads(str(kept["about"]))
        dates = pd.DatetimeIndex(about["dates"])
        drawn = {}
        for at, name in enumerate(about["scenarios"]):
            counts = {count: kept[f"{at}_{count}"].astype(np.int32) for count in _COUNTS}
            drawn[name] = Futures(
                dates=dates, states=tuple(about["states"][name]),
                nights=nights_between(counts["children"], dates),
                need_names=tuple(about["need_names"][name]), **counts,
            )
    return drawn
