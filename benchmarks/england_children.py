"""Who the made-up children are, and what their returns say: the part of `england` on children."""

from __future__ import annotations

import numpy as np
import pandas as pd

_ETHNICITY = {
    "WBRI": 0.66, "WIRI": 0.01, "WOTH": 0.04, "WROM": 0.01, "MWBC": 0.04, "MWBA": 0.01,
    "MWAS": 0.02, "MOTH": 0.03, "AIND": 0.01, "APKN": 0.02, "ABAN": 0.01, "AOTH": 0.02,
    "BCRB": 0.02, "BAFR": 0.04, "BOTH": 0.02, "OOTH": 0.03, "NOBT": 0.01,
}  # fmt: skip
_LEGAL_STATUS = {"C2": 0.52, "C1": 0.21, "V2": 0.20, "E1": 0.05, "L2": 0.01, "J1": 0.01}
_NEED = {"N1": 0.65, "N2": 0.03, "N3": 0.03, "N4": 0.08, "N5": 0.13, "N6": 0.01, "N8": 0.07}
_REASON_ENDED = {
    "E4A": 0.22, "E4B": 0.06, "E5": 0.12, "E6": 0.03, "E7": 0.03, "E8": 0.16, "E11": 0.03,
    "E12": 0.06, "E17": 0.09, "E13": 0.04, "E45": 0.02, "E46": 0.02, "E47": 0.02, "E48": 0.08,
    "E41": 0.01, "E3": 0.01, "E99": 0.01,
}  # fmt: skip
_MOVES = {
    "CARPL": 0.46, "CREQB": 0.14, "LAREQ": 0.09, "CHILD": 0.08, "PLACE": 0.05, "CREQO": 0.06,
    "OTHER": 0.07, "ALLEG": 0.02, "CLOSE": 0.01, "STAND": 0.01, "APPRR": 0.01,
}  # fmt: skip
_UASC_FROM_DAYS = 15 * 365


def with_children(
    history: pd.DataFrame,
    periods: pd.DataFrame,
    random: np.random.Generator,
    *,
    last_day: pd.Timestamp,
) -> pd.DataFrame:
    """The episodes with their days, the child's own facts and the codes of the return.

    history   see `england._episodes`; days since 1970
    periods   one row a period: dob, short_break …
    last_day  on which an open episode goes on
    """
    period = periods.loc[history["at"]].reset_index(drop=True)
    frame = history.assign(
        child_id=history["child"].astype(str).astype(object),
        decom=_day(history["start"]),
        dec=_day(history["end"]).where(~history["open"]),
        is_short_break=period["short_break"].astype(bool),
        care_period_id=_numbered(history["area"], ~history.duplicated("at")),
        placement_id=_numbered(history["area"], history["begins_stay"]),
    )
    frame = _with_facts(frame, period, random, last_day)
    return _with_codes(frame, random)


def _day(days: pd.Series) -> pd.Series:
    return pd.Series(days.to_numpy().astype("datetime64[D]").astype("datetime64[ms]"), days.index)


def _numbered(area: pd.Series, begins: pd.Series) -> pd.Series:
    """1, 2, 3 … through each area, one more at every row that begins something."""
    return begins.groupby(area).cumsum().astype("int64")


def drawn(shares: dict[str, float], many: int, random: np.random.Generator) -> np.ndarray:
    """So many values of a distribution."""
    weight = np.array(list(shares.values()))
    return random.choice(np.array(list(shares), dtype=object), many, p=weight / weight.sum())


def _with_facts(
    frame: pd.DataFrame, period: pd.DataFrame, random: np.random.Generator, last_day: pd.Timestamp
) -> pd.DataFrame:
    """What is one for all of a child's rows: birth, sex, ethnicity, asylum."""
    child = frame.groupby(["area", "child"], sort=False).ngroup().to_numpy()
    many = child.max() + 1
    dob = pd.Series(_day(period["dob"]).to_numpy()).where(random.random(many)[child] > 0.003)
    first_row = ~pd.Series(child).duplicated().to_numpy()
    age_at_start = (period["start"] - period["dob"])[first_row].to_numpy()
    lasting = ~frame["is_short_break"][first_row].to_numpy()
    uasc = (age_at_start > _UASC_FROM_DAYS) & (random.random(many) < 0.35) & lasting
    # For most it lasts until they are 18; some are told before.
    until = frame["decom"] + pd.to_timedelta(random.integers(60, 900, many)[child], unit="D")
    until = until.groupby(child).transform("first").astype("datetime64[ms]")
    told = (uasc & (random.random(many) < 0.3))[child] & (until < last_day).to_numpy()
    sex = np.where(uasc, "male", drawn({"male": 0.55, "female": 0.448, "not_known": 0.002},
                                       many, random))  # fmt: skip
    ever = pd.Series(uasc[child], frame.index)
    uasc_until = until.where(told)
    return frame.assign(
        dob=dob.to_numpy(), sex=sex.astype(object)[child],
        ethnicity_code=drawn(_ETHNICITY, many, random)[child], ever_uasc=ever,
        uasc_until=uasc_until,
        is_uasc=ever & (uasc_until.isna() | (uasc_until > frame["decom"])),
    )  # fmt: skip


def _with_codes(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """What the return says of each row: legal status, need, reasons; and where it was read."""
    many = len(frame)
    ruling = frame["rne"].isin(["S", "L", "U", "B"]).cumsum().to_numpy()
    legal = drawn(_LEGAL_STATUS, many + 1, random)[ruling]
    need = drawn(_NEED, int(frame["at"].max()) + 1, random)[frame["at"].to_numpy()]
    rec = _reasons_ended(frame, random)
    adopted = pd.Series(rec).isin(["E11", "E12"]).groupby(frame["at"]).transform("any")
    legal = np.where(adopted & (frame["rne"] != "S"), "E1", legal)
    moves_next = frame["rne"].shift(-1).isin(["P", "T", "U", "B"]) & ~frame["last"]
    year = frame["dec"].dt.year + (frame["dec"].dt.month >= 4)
    year = year.fillna(2025).astype("Int64")
    return frame.assign(
        legal_status=np.where(frame["is_short_break"], "V4", legal).astype(object),
        need_code=np.where(frame["is_short_break"], "N2", need).astype(object),
        rec=pd.Series(rec, frame.index).where(frame["dec"].notna(), None),
        reason_place_change=pd.Series(drawn(_MOVES, many, random)).where(moves_next, None),
        return_year=year, source_file=year.astype(str).astype(object) + "/episodes.csv",
        source_line=frame.groupby("area").cumcount() + 2,
        repairs=pd.Series("", frame.index, dtype=object),
    )  # fmt: skip


def _reasons_ended(frame: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """REC of each row if it ends; those over ten are not adopted."""
    ended = drawn(_REASON_ENDED, len(frame), random)
    over_ten = ((frame["dec"] - frame["dob"]).dt.days > 3_650).to_numpy()
    ended = np.where(over_ten & np.isin(ended, ["E11", "E12"]), "E5", ended)
    return np.where(frame["last"], ended, "X1").astype(object)
