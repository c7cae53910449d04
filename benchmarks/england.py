"""A made-up England: the repaired histories of every authority in one frame, drawn from a seed.

Sizes, ages, placements and distances are of the order of the published ones (DfE, *Children
looked after in England*, 2025 release); no authority, child or postcode is a real one. The
columns and their types are those of `dataset.load`, with `authority` first. As in councils'
own returns, the numbers of children, periods and stays begin again in each authority.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.england_children import with_children
from benchmarks.england_places import with_places

AUTHORITIES = 153
LOOKED_AFTER = 82_000
EPISODES = 450_000
SEED = 20250331

LAST_DAY = pd.Timestamp("2025-03-31")
#: The returns of five years: nothing that ended before the first is in them.
FIRST_DAY = pd.Timestamp("2020-04-01")
YEAR_ENDS: tuple[str, ...] = tuple(f"{year}-03-31" for year in range(2021, 2026))

_EPOCH = pd.Timestamp("1970-01-01")
_LAST, _FIRST = (LAST_DAY - _EPOCH).days, (FIRST_DAY - _EPOCH).days
_ADULT_DAYS = 6_574

#: Completed years at the end of care, or on the last day: from, to, share of the open periods
#: and share of the closed.
_AGES = ((0, 1, 0.05, 0.12), (1, 5, 0.14, 0.17), (5, 10, 0.18, 0.13), (10, 16, 0.39, 0.18),
         (16, 18, 0.24, 0.40))
_COLUMNS = (
    "authority", "child_id", "decom", "dec", "rne", "legal_status", "place_code", "need_code",
    "provider_code", "rec", "reason_place_change", "home_postcode", "placement_postcode", "urn",
    "source_file", "source_line", "return_year", "repairs", "dob", "sex", "ethnicity_code",
    "ever_uasc", "uasc_until", "placement_group", "provider", "is_short_break", "is_uasc",
    "care_period_id", "placement_id", "home_easting", "home_northing", "home_authority",
    "home_postcode_status", "home_postcode_terminated", "placement_easting",
    "placement_northing", "placement_authority", "placement_postcode_status",
    "placement_postcode_terminated", "distance_miles", "distance_band", "centre_miles",
    "border_miles", "boundary",
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How large a made-up country is.

    authorities   how many
    looked_after  children looked after on 31 March 2025, in all of them
    episodes      rows of the history, in all of them
    """

    authorities: int = AUTHORITIES
    looked_after: int = LOOKED_AFTER
    episodes: int = EPISODES

    @classmethod
    def of_children(cls, looked_after: int, authorities: int = 1) -> Size:
        """So many children, with as many episodes to a child as England has."""
        return cls(authorities, looked_after, round(looked_after * EPISODES / LOOKED_AFTER))


def england(size: Size | None = None, *, seed: int = SEED) -> pd.DataFrame:
    """The histories of a made-up country's authorities: one row an episode.

    returns  the columns of `Dataset.episodes`, and authority; sorted by authority, child and
             day. No child's episodes overlap. The same size and seed give the same frame.

    >>> little = england(Size.of_children(60, authorities=3))
    >>> little["authority"].nunique(), len(little)
    (3, 329)
    """
    size = size or Size()
    random = np.random.default_rng(seed)
    looked_after = authority_sizes(size.authorities, size.looked_after, random)
    rows = _shared_out(looked_after / looked_after.sum(), size.episodes)
    periods = _periods(looked_after, random)
    history = _episodes(periods, rows, random)
    history = with_children(history, periods, random, last_day=LAST_DAY)
    history = with_places(history, looked_after, random)
    history["authority"] = codes(size.authorities)[history["area"].to_numpy()]
    return history[list(_COLUMNS)].pipe(_typed)


def codes(authorities: int) -> np.ndarray:
    """The made-up authorities' codes, of the form of ONS's."""
    return np.array([f"E99{at:06d}" for at in range(1, authorities + 1)], dtype=object)


def authority_sizes(
    authorities: int, looked_after: int, random: np.random.Generator
) -> np.ndarray:
    """Children looked after in each authority: most near 400, a few near 2,000, one tiny.

    The logarithm is normal, as the published counts' is nearly; they add up to the total.
    """
    # Cut off at both ends, as no authority has ten thousand children.
    drawn = np.exp(0.65 * np.clip(random.standard_normal(authorities), -2.2, 2.2))
    if authorities > 20:
        drawn[0] = drawn.min() / 10
    return _shared_out(drawn / drawn.sum(), looked_after)


def _shared_out(shares: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers near the shares of a total, that add up to it."""
    exact = np.asarray(shares, float) * total
    whole = np.floor(exact).astype(np.int64)
    rest = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return whole


# --- periods of care ---------------------------------------------------------------------------


def _periods(looked_after: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """One row a period of care: area, start, end and dob as days since 1970, open, short_break.

    Each authority has as many open periods as it looks after children, and twice as many that
    ended in the five years; a few of these, and more, are series of short breaks.
    """
    parts = [
        _drawn_periods(np.repeat(np.arange(len(looked_after)), count), is_open, short, random)
        for count, is_open, short in (
            (looked_after, True, False),
            (2 * looked_after, False, False),
            (looked_after // 25, False, True),
            (looked_after // 50, True, True),
        )
    ]
    return _same_children(pd.concat(parts, ignore_index=True))


def _drawn_periods(
    area: np.ndarray, is_open: bool, short: bool, random: np.random.Generator
) -> pd.DataFrame:
    many = len(area)
    end = np.full(many, _LAST) if is_open else random.integers(_FIRST + 1, _LAST + 1, many)
    low, high, of_open, of_closed = (np.array(part) for part in zip(*_AGES, strict=True))
    shares = of_open if is_open else of_closed
    band = random.choice(len(_AGES), many, p=shares / shares.sum())
    years = low[band] + random.random(many) * (high - low)[band]
    age = np.minimum((years * 365.25).astype(np.int64) + 2, _ADULT_DAYS)
    # Half of those looked after today came more than two years ago; two in five who leave do
    # so within six months.
    usual = 800 if is_open else 270
    spread = 1.1 if is_open else 1.5
    stayed = np.exp(np.log(usual) + spread * random.standard_normal(many))
    stayed = np.clip(stayed.astype(np.int64), 1, np.minimum(age - 1, 6_400))
    return pd.DataFrame({
        "area": area, "start": end - stayed, "end": end, "dob": end - age, "open": is_open,
        "short_break": short,
    })  # fmt: skip


def _same_children(periods: pd.DataFrame) -> pd.DataFrame:
    """Numbers the children of each area; one closed period in ten is of a child who came back.

    A child who came back is the child of a period that ended before the middle of the five
    years and of one that began after it, so the two cannot overlap.
    """
    middle = (_FIRST + _LAST) // 2
    lasting = ~periods["short_break"]
    before = periods[lasting & ~periods["open"] & (periods["end"] < middle)]
    after = periods[lasting & ~periods["open"] & (periods["start"] > middle)]
    before, after = (
        part.sort_values(["area", "dob"]).assign(place=lambda f: f.groupby("area").cumcount())
        for part in (before[before.index % 4 == 0], after[after.index % 4 == 0])
    )
    pairs = before.reset_index().merge(after.reset_index(), on=["area", "place"])
    child = pd.Series(periods.index, index=periods.index)
    child[pairs["index_y"]] = pairs["index_x"].to_numpy()
    periods = periods.assign(child=child)
    periods["dob"] = periods.groupby("child")["dob"].transform("min")
    order = periods.sort_values(["area", "child", "start"], ignore_index=True)
    first = ~order.duplicated("child")
    return order.assign(child=first.groupby(order["area"]).cumsum() + 100_000)


# --- episodes ----------------------------------------------------------------------------------


def _episodes(
    periods: pd.DataFrame, rows: Sequence[int], random: np.random.Generator
) -> pd.DataFrame:
    """One row an episode: at (its period), area, child, start, end, rne, last (of its period).

    A period is cut on chosen days into as many episodes as each authority needs.
    """
    first = pd.DataFrame({"at": periods.index, "start": periods["start"]})
    cuts = _cuts(periods, np.asarray(rows), random)
    all_rows = pd.concat([first, cuts], ignore_index=True)
    all_rows = all_rows.sort_values(["at", "start"], ignore_index=True)
    begins = ~all_rows.duplicated("at")
    last = ~all_rows.duplicated("at", keep="last")
    period = periods.loc[all_rows["at"]].reset_index(drop=True)
    changed = random.choice(["P", "L", "T", "U", "B"], len(all_rows),
                            p=[0.52, 0.36, 0.06, 0.02, 0.04])  # fmt: skip
    # Of half of those who came before the first return, how they came is not in it.
    seen = (period["start"] >= _FIRST) | (random.random(len(period)) < 0.5)
    return pd.DataFrame({
        "at": all_rows["at"], "area": period["area"], "child": period["child"],
        "start": all_rows["start"],
        "end": all_rows["start"].shift(-1).where(~last, period["end"]).astype("int64"),
        "rne": np.where(begins & seen, "S", changed), "last": last,
        "begins_stay": begins | np.isin(changed, ["P", "B"]), "open": period["open"] & last,
    })  # fmt: skip


def _cuts(periods: pd.DataFrame, rows: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Different days inside periods, so many in each area that its rows come out right."""
    from_day = periods["start"].clip(lower=_FIRST)
    room = (periods["end"] - from_day - 1).clip(lower=0)
    needed = rows - periods.groupby("area").size().reindex(range(len(rows)), fill_value=0)
    # Some children move far more often than others who stay as long.
    weight = np.sqrt(room) * random.gamma(1.0, 1.0, len(periods))
    parts = []
    for area, want in needed.items():
        inside = periods.index[(periods["area"] == area) & (room > 0)]
        if want <= 0 or not len(inside):
            continue
        share = weight[inside] / weight[inside].sum()
        drawn = random.choice(inside, int(2 * want) + 20, p=share)
        offset = (random.random(len(drawn)) * room[drawn]).astype("int64") + 1
        found = pd.DataFrame({"at": drawn, "start": from_day[drawn].to_numpy() + offset.to_numpy()})
        parts.append(found.drop_duplicates().iloc[:want])
    return pd.concat(parts, ignore_index=True)


def _typed(history: pd.DataFrame) -> pd.DataFrame:
    """Text, days and numbers as `dataset.load` has them."""
    text = [name for name in history if history[name].dtype == object]
    days = [name for name in history if history[name].dtype.kind == "M"]
    return history.astype(
        dict.fromkeys(text, "str") | dict.fromkeys(days, "datetime64[ms]")
        | {"return_year": "Int64"}
    )  # fmt: skip
