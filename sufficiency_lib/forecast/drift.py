"""How the rates of entering and leaving care wander from year to year.

A council's rates are not fixed: they drift, partly with the country's. How far is learnt from
what was published of every authority (see `panel_fit`), and the few parameters are shipped in
``parameters/drift.toml``. For an authority i and a year t, which ends on 31 March:

    log entries   b(i,t) = a(i) + A(t) + u(i,t) + chance
    log hazard    h(i,t) = c(i) + D(t) + v(i,t) + chance

where the hazard is -log of the share that stays of all who were looked after in the year.
a and c are an authority's own lasting levels; A and D are shared by all authorities; u and v
are its own. A, u and D, v are autoregressive from one year to the next:

    u(t) = f u(t-1) + s e(t),   v(t) = g v(t-1) + r d(t),   correlation of e and d = rho

so that what moves rates fades over the years at the persistence f (entries) or g (exits).
Chance is larger than of children who come one by one (Poisson), as siblings come together: its
variance on the log scale is dispersion / count. The published counts have unaccompanied
asylum-seeking children among them. Some authorities are more volatile than others:
s, r and chance are multiplied by exp(w z), z standard normal, one z an authority.

A year's multiplier holds for the whole of that year, as the published counts are of years.
Every multiplier has the median 1: half of futures are above it. Its mean is above 1, by half
the variance of its logarithm.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import numpy as np

from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.forecast.covariances import (
    UNKNOWN_LEVEL_SD,
    chance_covariance,
    drift_covariance,
    given,
    known_first,
    unknown_level,
)
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR


@dataclass(frozen=True)
class Drift:
    """The parameters of the drift; standard deviations are of natural logarithms.

    entry_sd, exit_sd                    an authority's own change from one year to the next
    entry_persistence, exit_persistence  the part of a deviation that is left a year later
    correlation                          of own changes of entries and of exits
    volatility_sd                        how much authorities differ in volatility (log scale)
    shared_entry_sd, shared_exit_sd      the same changes where all authorities move together
    shared_correlation                   of these
    shared_freedom                       degrees of freedom: from how few years they are known
    entry_dispersion, exit_dispersion    variance of a year's count over its mean; Poisson is 1
    chance_correlation                   of the chance in entries and in exits of one year
    level_entry_sd, level_exit_sd        between authorities' lasting levels
    level_correlation                    of these
    provenance                           what it was estimated from, and by which command
    """

    entry_sd: float
    entry_persistence: float
    exit_sd: float
    exit_persistence: float
    correlation: float
    volatility_sd: float
    shared_entry_sd: float
    shared_exit_sd: float
    shared_correlation: float
    shared_freedom: float
    entry_dispersion: float
    exit_dispersion: float
    chance_correlation: float
    level_entry_sd: float
    level_exit_sd: float
    level_correlation: float
    provenance: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name, value in numbers(self).items():
            if not _is_possible(name, value):
                raise ConfigurationError(
                    f"The drift's '{name}' is {value}: expected {_expected(name)}."
                )


@dataclass(frozen=True)
class DriftPaths:
    """Multipliers of entries and of exit hazards, float32 [draws, months]; 1 is the base."""

    entry: np.ndarray
    exit: np.ndarray


def numbers(drift: Drift) -> dict[str, float]:
    """The parameters by name, without their provenance."""
    return {one.name: getattr(drift, one.name) for one in fields(drift) if one.type == "float"}


def _is_possible(name: str, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        return False
    if name.endswith("correlation"):
        return -1 < value < 1
    if name.endswith("persistence"):
        return 0 <= value < 1
    return value > 0 if name.endswith(("dispersion", "freedom")) else value >= 0


def _expected(name: str) -> str:
    if name.endswith("correlation"):
        return "a number above -1 and below 1"
    if name.endswith("persistence"):
        return "a number from 0 to below 1"
    return "a number above 0" if name.endswith(("dispersion", "freedom")) else "a number from 0"


# --- the shipped parameters ----------------------------------------------------------------------


def published_drift() -> Drift:
    """The drift of English authorities, as shipped with the library.

    >>> drift = published_drift()
    >>> 0 < drift.entry_persistence < 1
    True
    """
    return read_drift(Path(str(resources.files("sufficiency_lib.forecast")
                               / "parameters/drift.toml")))  # fmt: skip


def read_drift(path: Path) -> Drift:
    """A drift from a TOML file with the tables [drift] and [provenance].

    Raises
    ------
    InputError: it cannot be read as TOML.
    ConfigurationError: a parameter is missing, not known, or not possible.
    """
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as TOML: {error}.") from None
    known = {one.name for one in fields(Drift)} - {"provenance"}
    given = held.get("drift", {})
    if set(given) != known:
        wrong = ", ".join(sorted(known ^ set(given)))
        raise ConfigurationError(
            f"{path.name}: the table [drift] must have each of its parameters once and no "
            f"others; missing or not known: {wrong}."
        )
    return Drift(**given, provenance=MappingProxyType(held.get("provenance", {})))


def drift_toml(drift: Drift) -> str:
    """The text of such a file; the same drift gives the same text."""
    lines = ["[drift]", *(f"{name} = {value:.4f}" for name, value in numbers(drift).items())]
    lines += ["", "[provenance]"]
    lines += [f"{name} = {toml_value(value)}" for name, value in drift.provenance.items()]
    return "\n".join(lines) + "\n"


def toml_value(value: object) -> str:
    """A number or a text as TOML has it.

    >>> toml_value(2025), toml_value('a "name"')
    ('2025', '"a \\\\"name\\\\""')
    """
    if isinstance(value, int | float | np.integer) and not isinstance(value, bool):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- what a child-level model asks ---------------------------------------------------------------


def level_weights(
    drift: Drift, years: int, *, per_year: float, of: str = "entries", ahead: int = 1
) -> np.ndarray:
    """How much each past year counts in the level expected some years ahead.

    years     how many past years are known, without a gap
    per_year  the count of a usual year: entries, or children who ceased. Of few children a
              year says little, so that more years are averaged
    of        entries or exits
    ahead     1 is the year after the last known
    returns   weights of log counts (entries) or log hazards (exits), oldest first, sum 1

    They are those of the best linear forecast under the drift, where nothing is known of the
    authority's lasting level but these years.

    >>> level_weights(published_drift(), 1, per_year=100).tolist()
    [1.0]
    >>> weights = level_weights(published_drift(), 4, per_year=100)
    >>> int(weights.argmax()), round(float(weights.sum()), 6)
    (3, 1.0)
    """
    _whole("years", years)
    _whole("ahead", ahead)
    covariance = _of_one(drift, years + ahead, of)
    noise = _dispersion(drift, of) / _count("per_year", per_year) * np.eye(years)
    found = given(covariance, noise, years)[0][ahead - 1]
    # What is left of 1 is the pull of the level of all authorities, of which nothing is assumed.
    return found / found.sum()


def expected_path(
    drift: Drift,
    yearly: np.ndarray,
    *,
    months: int,
    per_year: float | None = None,
    of: str = "entries",
) -> np.ndarray:
    """How the level is expected to go on from that of the first year ahead, by month.

    yearly    counts of entries, or exit hazards, of the past years, oldest first, above 0
    months    how long
    per_year  as in `level_weights`; None: the mean of yearly, where it is of counts
    returns   float64 [months]: the level expected of each year, as a multiple of the first
              year's; a move of the last years fades towards what the years before had

    >>> path = expected_path(published_drift(), np.array([80.0, 80.0, 80.0, 120.0]), months=36)
    >>> bool(path[0] == 1), bool(path[12] < 1), bool(path[24] < path[12])
    (True, True, True)
    """
    past = np.asarray(yearly, dtype=float)
    _whole("months", months, least=0)
    if not past.size or not (np.isfinite(past) & (past > 0)).all():
        raise ConfigurationError("'yearly' needs a number above 0 for each past year.")
    size = float(past.mean()) if per_year is None else per_year
    years = -(-months // MONTHS_A_YEAR)
    level = np.array([
        level_weights(drift, len(past), per_year=size, of=of, ahead=ahead + 1) @ np.log(past)
        for ahead in range(years)
    ])  # fmt: skip
    return np.exp(level - level[:1])[np.arange(months) // MONTHS_A_YEAR]


def _of_one(drift: Drift, years: int, of: str) -> np.ndarray:
    """Covariance of one series over years: its level, own and shared drift."""
    if of not in ("entries", "exits"):
        raise ConfigurationError(f"A level is of 'entries' or of 'exits', not of '{of}'.")
    part = slice(0, years) if of == "entries" else slice(years, 2 * years)
    moving = drift_covariance(drift, years) + drift_covariance(drift, years, shared=True)
    return UNKNOWN_LEVEL_SD**2 + moving[part, part]


def _dispersion(drift: Drift, of: str) -> float:
    return drift.entry_dispersion if of == "entries" else drift.exit_dispersion


def drift_paths(
    drift: Drift,
    *,
    draws: int,
    months: int,
    rng: np.random.Generator,
    years_known: int | None = None,
    entries_per_year: float | None = None,
    exits_per_year: float | None = None,
    beyond_poisson: bool = False,
) -> DriftPaths:
    """Futures of the multipliers of entries and of exit hazards, by month.

    draws, months     how many futures, and how long
    rng               where chance comes from; the same state gives the same futures
    years_known       how many past years the base levels rest on, by `level_weights`; the
                      paths then hold how wrong those levels may be, chance in their counts
                      too, so that the caller draws no other error of the level. None: the
                      base is taken as exact, and the paths start from it
    entries_per_year  what a usual year has; needed for years_known and beyond_poisson
    exits_per_year    the same of children who cease
    beyond_poisson    whether to add, independently a year, by how much chance in a year's
                      count is larger than Poisson (siblings come together), so that the
                      caller draws Poisson counts
    returns           see `DriftPaths`; constant within a year from the origin, median 1

    >>> paths = drift_paths(published_drift(), draws=4, months=30, rng=np.random.default_rng(1))
    >>> paths.entry.shape, str(paths.exit.dtype), bool((paths.entry[:, 0] == paths.entry[:, 11]).all())
    ((4, 30), 'float32', True)
    """  # noqa: E501
    _whole("draws", draws, least=0)
    _whole("months", months, least=0)
    years = -(-months // MONTHS_A_YEAR)
    counts = _counts(entries_per_year, exits_per_year, years_known, beyond_poisson)
    own, shared = _ahead_covariances(drift, years, years_known, counts)
    volatility = np.exp(drift.volatility_sd * rng.standard_normal((draws, 1)))
    freedom = drift.shared_freedom
    # Student's t: the shared part's spread is itself known from few years only.
    few = np.sqrt(freedom / rng.chisquare(freedom, (draws, 1)))
    log = volatility * _normal(own, draws, rng) + few * _normal(shared, draws, rng)
    if beyond_poisson and counts is not None:
        log += volatility * _normal(_beyond(drift, years, counts), draws, rng)
    at = np.arange(months) // MONTHS_A_YEAR
    return DriftPaths(*(np.exp(log[:, which * years + at]).astype("float32") for which in (0, 1)))


def _counts(
    entries: float | None, exits: float | None, known: int | None, beyond: bool
) -> tuple[float, float] | None:
    if known is None and not beyond:
        return None
    if known is not None:
        _whole("years_known", known)
    return _count("entries_per_year", entries), _count("exits_per_year", exits)


def _ahead_covariances(
    drift: Drift, years: int, known: int | None, counts: tuple[float, float] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Covariance of own and of shared log multipliers of the years ahead."""
    if known is None or counts is None:
        return _from_base(drift, years), _from_base(drift, years, shared=True)
    whole = known + years
    order = known_first(known, years)
    noise = chance_covariance(drift, known, [counts[0]], [counts[1]])[0]
    shared = drift_covariance(drift, whole, shared=True)
    both = unknown_level(whole) + drift_covariance(drift, whole) + shared
    both = both[np.ix_(order, order)]
    ahead = given(both, noise, 2 * known)[1]
    # What is not the country's after the origin is the authority's or the error of its level.
    common = _from_base(drift, years, shared=True)
    return ahead - common, common


def _from_base(drift: Drift, years: int, *, shared: bool = False) -> np.ndarray:
    """Covariance of years ahead where the deviation at the origin is known to be none."""
    if years == 0:
        return np.zeros((0, 0))
    whole = drift_covariance(drift, years + 1, shared=shared)
    order = known_first(1, years)
    tiny = 1e-12 * np.eye(2)
    return given(whole[np.ix_(order, order)], tiny, 2)[1]


def _beyond(drift: Drift, years: int, counts: tuple[float, float]) -> np.ndarray:
    """Covariance of the chance of years ahead, without what Poisson counts have anyway."""
    more = chance_covariance(drift, years, [counts[0]], [counts[1]])[0]
    poisson = np.repeat([1 / counts[0], 1 / counts[1]], years)
    return more - np.diag(poisson)


def _normal(covariance: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Normal draws with a covariance; a variance below nought, in some direction, is none."""
    width = len(covariance)
    if not width:
        return np.zeros((draws, 0))
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return rng.standard_normal((draws, width)) @ (vectors * np.sqrt(np.clip(values, 0, None))).T


def _whole(name: str, value: object, *, least: int = 1) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ConfigurationError(f"'{name}' is {value}: expected a whole number from {least}.")


def _count(name: str, value: float | None) -> float:
    if value is None or not np.isfinite(value) or value <= 0:
        raise ConfigurationError(
            f"'{name}' is {value}: expected how many children a usual year has, above 0."
        )
    return float(value)
