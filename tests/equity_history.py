"""Children for the tests of comparisons: alike but for what is said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from histories import history

DAY = "2025-03-31"

#: What a comparison asks of a child beside what every history has.
MORE = {
    "ethnicity_code": "WBRI", "need_code": "N1", "ever_uasc": False, "uasc_until": None,
    "placement_postcode": None,
}


def children(number: int, start: int = 0, **said: object) -> pd.DataFrame:
    """So many children, numbered from `start`, of whom these things are so."""
    known = {name: value for name, value in said.items() if name not in MORE}
    frame = history(*({"child_id": f"c{start + at}"} | known for at in range(number)))
    more = {name: said.get(name, usual) for name, usual in MORE.items()}
    frame = frame.assign(**more, placement_id=range(start, start + number))
    frame["care_period_id"] = frame["placement_id"]
    frame["uasc_until"] = pd.to_datetime(frame["uasc_until"])
    text = ["ethnicity_code", "need_code", "placement_postcode"]
    return frame.astype({"ever_uasc": bool, **dict.fromkeys(text, "object")})


def halves(number: int, dob: str, start: int = 0) -> pd.DataFrame:
    """So many children of one age, every other one outside the area and far from home."""
    frame = children(number, start, dob=dob)
    away = np.arange(number) % 2 == 0
    return frame.assign(
        boundary=np.where(away, "outside", "inside").astype(object),
        distance_miles=np.where(away, 30.0, 5.0),
    )


def circumstances_of(
    rows: Sequence[tuple[str, str | None, bool | None]]
) -> pd.DataFrame:
    """What the council says of each child: its id, sibling group, and whether disabled."""
    columns = ["child_id", "sibling_group_id", "is_disabled"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"is_disabled": "boolean"})


def two_areas() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two areas with children of every kind, the second telling nothing more; a third of one.

    Child identifiers are the same in each: they are unique within an area only.
    """
    rng = np.random.default_rng(22)
    frames, told = [], []
    for area, number in (("b", 160), ("a", 240), ("c", 1)):
        frame = children(number)
        born = rng.choice(["2018-01-01", "2012-01-01", "2008-01-01"], number)
        away = rng.random(number) < 0.45
        frame = frame.assign(
            authority=area,
            dob=pd.to_datetime(born),
            sex=rng.choice(["female", "male", "not_known"], number, p=[0.47, 0.48, 0.05]),
            ethnicity_code=rng.choice(["WBRI", "MWBC", "BAFR", "REFU"], number),
            need_code=rng.choice(["N1", "N2"], number, p=[0.9, 0.1]),
            ever_uasc=rng.random(number) < 0.1,
            placement_group=rng.choice(["fostering", "childrens_home", "other"], number),
            boundary=np.where(away, "outside", "inside"),
            distance_miles=np.where(away, 30.0, 5.0),
        )
        text = ["authority", "sex", "ethnicity_code", "need_code", "placement_group", "boundary"]
        frames.append(frame.astype(dict.fromkeys(text, "object")))
        if area == "a":
            said = [(child, f"F{at // 3}" if at % 2 else None, bool(at % 7 == 0))
                    for at, child in enumerate(frame["child_id"])]
            told.append(circumstances_of(said).assign(authority=area))
    circumstances = pd.concat(told, ignore_index=True).astype({"authority": "object"})
    return pd.concat(frames, ignore_index=True), circumstances
