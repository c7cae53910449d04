"""Where the made-up children are placed, and how far away: the part of `england` on places.

Every authority is a circle; homes are spread over it, and a placement is so many miles from
the child's home in some direction. What is measured is then measured as the library does it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.england_children import drawn
from sufficiency_lib.cleaning.distance import distance_band, distance_miles
from sufficiency_lib.codes import placement_group, provider

_METRES_PER_MILE = 1609.3
#: PLACE → share of the placements of children under 15, and of those nearly 16 or older.
_PLACES = {
    "U1": (0.05, 0.02), "U2": (0.005, 0.0), "U3": (0.13, 0.04), "U4": (0.24, 0.12),
    "U5": (0.01, 0.0), "U6": (0.36, 0.20), "K1": (0.001, 0.003), "K2": (0.09, 0.16),
    "K3": (0.0, 0.14), "H5": (0.0, 0.22), "P1": (0.07, 0.03), "P2": (0.0, 0.03),
    "R1": (0.004, 0.005), "R2": (0.002, 0.004), "R3": (0.012, 0.002), "R5": (0.0, 0.008),
    "S1": (0.004, 0.005), "A4": (0.005, 0.0), "A6": (0.03, 0.0), "T1": (0.01, 0.005),
    "T4": (0.02, 0.01), "Z1": (0.006, 0.012),
}  # fmt: skip
#: First letter of PLACE → share of each provider; None is not recorded.
_PROVIDERS = {
    "U": {"PR1": 0.58, "PR4": 0.34, "PR5": 0.06, "PR2": 0.02},
    "K": {"PR1": 0.14, "PR4": 0.80, "PR5": 0.05, "PR3": 0.01},
    "H": {"PR1": 0.10, "PR4": 0.76, "PR5": 0.14},
    "P": {"PR0": 1.0},
    "R": {"PR4": 0.50, "PR3": 0.40, "PR5": 0.10},
    "S": {"PR4": 0.60, "PR5": 0.30, "PR1": 0.10},
    "A": {"PR1": 0.75, "PR5": 0.25},
    "T": {"": 1.0},
    "Z": {"": 1.0},
}
#: Miles from home of the middle placement, by first letter of PLACE.
_USUAL_MILES = {"U": 8, "K": 25, "H": 9, "P": 4, "R": 20, "S": 30, "A": 15, "T": 10, "Z": 20}


def with_places(
    history: pd.DataFrame, looked_after: np.ndarray, random: np.random.Generator
) -> pd.DataFrame:
    """The episodes with place, provider, coordinates, distances, and in or out of the area."""
    # A stay with one carer has one place and one address, whatever else changes.
    stay = history["begins_stay"].cumsum().to_numpy() - 1
    begins = np.flatnonzero(np.diff(stay, prepend=-1))
    at = history.iloc[begins]
    age_days = (at["decom"] - at["dob"]).dt.days.fillna(4_000).to_numpy()
    place = np.where(age_days < 15.25 * 365.25, *(_places(of, len(at), random) for of in (0, 1)))
    # Who is adopted is placed for adoption first.
    adopted = history["rec"].isin(["E11", "E12"]).groupby(stay).any().to_numpy()
    place[adopted] = random.choice(["A3", "A4", "A5", "A6"], int(adopted.sum()),
                                   p=[0.02, 0.18, 0.1, 0.7])  # fmt: skip
    by_letter = np.array([code[0] for code in place], dtype=object)
    offered = np.full(len(at), "", dtype=object)
    for letter, shares in _PROVIDERS.items():
        chosen = by_letter == letter
        offered[chosen] = drawn(shares, int(chosen.sum()), random)
    centres, radius = _circles(looked_after, random)
    home = _homes(at, centres, radius, random)
    reach = np.array([_USUAL_MILES[letter] for letter in by_letter], float)
    miles = reach * np.exp(0.9 * random.standard_normal(len(at)))
    turn = 2 * np.pi * random.random(len(at))
    there = home + (miles * _METRES_PER_MILE)[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
    there = np.round(there)
    stays = _located(at, home, there, centres, radius, random)
    stays = stays.assign(
        place_code=place, provider_code=np.where(offered == "", None, offered),
        placement_group=[placement_group(code) for code in place],
        provider=[provider(code) for code in offered],
        urn=np.array([f"{9_000_000 + n}" for n in range(4_000)], object)[
            random.integers(0, 4_000, len(at))],
    )  # fmt: skip
    wide = stays.iloc[_back_again(at["at"].to_numpy(), place)[stay]].reset_index(drop=True)
    history = pd.concat([history.reset_index(drop=True), wide], axis=1)
    # DfE measures no distance for short breaks.
    history["distance_miles"] = history["distance_miles"].mask(history["is_short_break"])
    history["distance_band"] = distance_band(history["distance_miles"].to_numpy())
    return history


def _back_again(period: np.ndarray, place: np.ndarray) -> np.ndarray:
    """For each stay whose place it has: its own, or after a temporary one the place before."""
    own = np.arange(len(place))
    away = np.array([code[0] == "T" for code in place])
    back = np.zeros(len(place), dtype=bool)
    back[2:] = away[1:-1] & ~away[:-2] & (period[2:] == period[:-2])
    return np.where(back, own - 2, own)


def _places(which: int, many: int, random: np.random.Generator) -> np.ndarray:
    return drawn({code: shares[which] for code, shares in _PLACES.items()}, many, random)


def _circles(
    looked_after: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Centre (easting, northing) and radius in metres of each authority."""
    centres = random.uniform((330_000, 120_000), (600_000, 560_000), (len(looked_after), 2))
    return np.round(centres), 4_000 + 500 * np.sqrt(looked_after)


def _homes(
    at: pd.DataFrame, centres: np.ndarray, radius: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Grid reference of each stay's home: one a child, inside the circle."""
    child = at.groupby(["area", "child"], sort=False).ngroup().to_numpy()
    many = child.max() + 1
    turn, out = 2 * np.pi * random.random(many), np.sqrt(random.random(many))
    step = (out[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1))[child]
    area = at["area"].to_numpy()
    return np.round(centres[area] + step * radius[area][:, None])


def _located(
    at: pd.DataFrame, home: np.ndarray, there: np.ndarray, centres: np.ndarray,
    radius: np.ndarray, random: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """What is known of home and placement: a few postcodes are blank, all homes of UASC are."""
    area = at["area"].to_numpy()
    codes = np.array([f"E99{n:06d}" for n in range(1, len(centres) + 1)], dtype=object)
    child = at.groupby(["area", "child"], sort=False).ngroup().to_numpy()
    no_home = at["ever_uasc"].to_numpy() | (random.random(child.max() + 1) < 0.03)[child]
    no_place = random.random(len(at)) < 0.01
    from_centre = distance_miles(*there.T, *centres[area].T)
    border = np.maximum(0.0, np.round(from_centre - radius[area] / _METRES_PER_MILE, 1))
    other = (area + random.integers(1, max(2, len(centres)), len(at))) % len(centres)
    abroad = random.random(len(at)) < 0.02
    elsewhere = np.where(abroad, "W06000023", codes[other])
    if len(centres) == 1:
        elsewhere = np.full(len(at), "E99999999", dtype=object)
    placed = np.where(border == 0, codes[area], elsewhere)
    placed = np.where(no_place, None, placed)
    frame = {
        "distance_miles": np.where(no_home | no_place, np.nan, distance_miles(*home.T, *there.T)),
        "centre_miles": np.where(no_place, np.nan, from_centre),
        "border_miles": np.where(no_place, np.nan, border),
        "boundary": np.where(placed == codes[area], "inside", "outside").astype(object),
    }
    postcodes = _postcodes(np.concatenate([home, there])).reshape(2, len(at))
    ends = (("home", home, no_home, codes[area]), ("placement", there, no_place, placed))
    for text, (end, grid, unknown, code) in zip(postcodes, ends, strict=True):
        frame |= {
            f"{end}_easting": np.where(unknown, np.nan, grid[:, 0]),
            f"{end}_northing": np.where(unknown, np.nan, grid[:, 1]),
            f"{end}_authority": np.where(unknown, None, code),
            f"{end}_postcode": np.where(unknown, None, text),
            f"{end}_postcode_status": np.where(unknown, "blank", "found").astype(object),
            f"{end}_postcode_terminated": pd.array(
                np.zeros(len(at), bool), dtype="boolean"),
        }  # fmt: skip
        frame[f"{end}_postcode_terminated"][unknown] = pd.NA
    return pd.DataFrame(frame)


def _postcodes(grid: np.ndarray) -> np.ndarray:
    """Text of the form of a postcode that no postcode has: one for each square of 200 metres."""
    squares, which = np.unique(grid // 200, axis=0, return_inverse=True)
    number = np.arange(len(squares))
    letters = np.array([chr(65 + at) for at in range(26)], dtype=object)
    text = [
        f"QX{n // 6_760} {n % 10}{first}{second}"
        for n, first, second in zip(
            number, letters[number // 10 % 26], letters[number // 260 % 26], strict=True)
    ]
    return np.array(text, dtype=object)[which.ravel()]
