"""What a run may be told: its parameters, and what an authority's profile says.

The only place where a parameter or a profile setting is defined. Both are checked when
they are made; what is wrong is a ConfigurationError that names the setting.
"""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from sufficiency_lib.codes import LOCALITY_RULES
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.settings_costs import CostSettings
from sufficiency_lib.settings_forecast import FORECAST_PARTS, ForecastProfile

LocalityRule = Literal[
    "home_20_miles", "centre_20_miles", "boundary_20_miles", "in_area", "border_10_miles"
]
Audience = Literal["public", "internal"]

PROFILE_FILE = "profile.toml"


def project_folder() -> Path | None:
    """The checkout this library runs from; None when it is installed on its own."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() and (root / "notebooks").is_dir() else None


def cache_folder() -> Path:
    """A private folder of this user for what can be made again; SUFFICIENCY_CACHE moves it."""
    chosen = os.environ.get("SUFFICIENCY_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("sufficiency", False))


def sample_folder() -> Path:
    """Where the synthetic authorities stand unless a run says otherwise."""
    root = project_folder()
    return (root / "data" if root else cache_folder()) / "sample"


class _Checked(BaseModel):
    """Settings are frozen, and an unknown name is refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RunParameters(_Checked):
    """Everything a run may be told. Blank text means the default.

    authority        ONS code or name
    as_at            the date of every stock figure; None: the last 31 March in the returns
    audience         `public`: everything shown passes the disclosure gate; `internal`: not
    locality_rule    None: the rule of the authority's profile
    data             folder that holds a folder an authority; None: the synthetic sample
    reference        reference store; None: the one beside the data

    >>> RunParameters(authority="herefordshire", as_at="2025-03-31").as_at
    datetime.date(2025, 3, 31)
    """

    authority: Annotated[str, Field(min_length=1)]
    as_at: date | None = None
    audience: Audience = "public"
    locality_rule: LocalityRule | None = None
    data: Path | None = None
    reference: Path | None = None

    @field_validator("as_at", "locality_rule", "data", "reference", mode="before")
    @classmethod
    def _blank_is_default(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("authority", mode="before")
    @classmethod
    def _authority_is_text(cls, value: Any) -> Any:
        # papermill -p turns 007 into an integer; a name or a code is always text.
        return str(value).strip() if value is not None else value


def run_parameters(**values: Any) -> RunParameters:
    """Check parameters; what is wrong is a ConfigurationError in plain words.

    >>> try:
    ...     run_parameters(authority="nottingham", audience="everyone")
    ... except ConfigurationError as error:
    ...     print(error)
    audience is 'everyone': expected 'public' or 'internal'.
    """
    try:
        return RunParameters(**values)
    except ValidationError as error:
        raise ConfigurationError(_sentences(error, "")) from None


class LocalitySettings(_Checked):
    """What this authority calls local. Grid references are metres on EPSG:27700.

    postcode_fallback  where to place a postcode that the directory does not have: nowhere, in
                       the middle of its sector, or else of its district. Marked wherever used.
    """

    rule: LocalityRule = "home_20_miles"
    centre_name: str = ""
    centre_easting: Annotated[float, Field(ge=0, le=700_000)] | None = None
    centre_northing: Annotated[float, Field(ge=0, le=1_300_000)] | None = None
    border_miles: Annotated[float, Field(gt=0, le=100)] = 10.0
    postcode_fallback: Literal["none", "sector", "outward"] = "none"
    #: Whose area it is, as a sentence says it.
    area_of: ClassVar[str] = "the authority"


class SharedLocality(LocalitySettings):
    """What a consortium calls local: the areas of its members are one.

    >>> locality_rule_label("in_area", SharedLocality())
    "inside the consortium's area"
    """

    area_of: ClassVar[str] = "the consortium"


class DisclosureSettings(_Checked):
    """Counts from 1 to `threshold` are suppressed; others are rounded to `round_to`."""

    threshold: Annotated[int, Field(ge=0, le=100)] = 5
    round_to: Annotated[int, Field(ge=1, le=100)] = 1


class ReturnSettings(_Checked):
    """What to say of the returns where their own rows do not.

    years  a file's path within the authority's folder → the year in which its return ends
    """

    years: dict[str, Annotated[int, Field(ge=2000, le=2100)]] = {}


class Target(_Checked):
    """A target the council published for one headline measure, and what it started from.

    rule             what is local in it; None: the rule in force
    baseline         what the measure was on the day `baseline_on`, as the council published it;
                     None with a day: what the returns say of that day
    baseline_metric  the measure that the baseline was of, if not the target's
    baseline_rule    the rule that it was counted under, if not the target's: a baseline of
                     another definition is refused where progress is worked out

    >>> Target(metric="within_rule_pct", value=60, rule="border_10_miles").baseline is None
    True
    """

    metric: str
    value: float
    by: date | None = None
    label: str = ""
    rule: LocalityRule | None = None
    baseline: Annotated[float, Field(allow_inf_nan=False)] | None = None
    baseline_on: date | None = None
    baseline_metric: str | None = None
    baseline_rule: LocalityRule | None = None

    @model_validator(mode="after")
    def _baseline_has_a_day(self) -> Target:
        told = (self.baseline, self.baseline_metric, self.baseline_rule)
        if self.baseline_on is None and any(part is not None for part in told):
            raise ValueError("what a target started from needs baseline_on, the day it is of")
        if self.baseline_on and self.by and self.baseline_on >= self.by:
            raise ValueError("baseline_on must be before by, the day of the target")
        return self


class AuthorityProfile(ForecastProfile):
    """One authority, as its profile.toml and the list of authorities describe it.

    `code` is None for a folder that names no authority we know: then nothing that needs
    the authority's own area can be worked out, and the page says so.

    `members` makes it a consortium, such as a regional care co-operative: the ONS codes or
    names of the authorities whose children are pooled. It has no code of its own.

    >>> AuthorityProfile(name="Herefordshire", slug="herefordshire").locality.rule
    'home_20_miles'
    """

    code: Annotated[str, Field(pattern=r"^[EWSN]\d{8}$")] | None = None
    name: str
    slug: str
    synthetic: bool = False
    locality: LocalitySettings = LocalitySettings()
    disclosure: DisclosureSettings = DisclosureSettings()
    returns: ReturnSettings = ReturnSettings()
    targets: tuple[Target, ...] = ()
    neighbours: tuple[str, ...] = ()
    members: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    costs: CostSettings = CostSettings()

    @model_validator(mode="after")
    def _consortium_has_members(self) -> AuthorityProfile:
        if len(self.members) == 1:
            raise ValueError(
                f"a consortium has two members or more, and {self.members[0]!r} is the only one "
                "under [consortium]; add the others, or remove that part"
            )
        if self.members and self.code is not None:
            raise ValueError(
                "a consortium is no authority and has no code of its own; give its folder a name "
                "that is not an authority's, and no code under [authority]"
            )
        return self

    @property
    def is_consortium(self) -> bool:
        """Whether it stands for several authorities together."""
        return bool(self.members)

    def target_for(self, metric: str, rule: str | None = None) -> Target | None:
        """The target set for a headline measure, or None.

        rule  the rule that the measure is counted under: a target of another is not for it.
              None: whatever its rule
        """
        return next((target for target in self.targets if target.metric == metric
                     and (rule is None or target.rule in (None, rule))), None)


def read_profile(folder: Path, *, code: str | None, name: str, slug: str) -> AuthorityProfile:
    """The profile of the authority whose inputs are in `folder`.

    `code`, `name` and `slug` are what the folder's name says; profile.toml, where there is
    one, may say better. Raises ConfigurationError for a file that is not TOML, or for a
    setting that is unknown or out of range.
    """
    path = folder / PROFILE_FILE
    if not path.is_file():
        _refuse_misnamed(folder)
        return AuthorityProfile(code=code, name=name, slug=slug)
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigurationError(
            f"{PROFILE_FILE} is not UTF-8 text; save it again with the encoding UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{PROFILE_FILE} is not readable as TOML ({error}); mend that line or remove the file."
        ) from None
    known = {"authority", "consortium", "locality", "disclosure", "targets", "neighbours",
             "returns", "costs", *FORECAST_PARTS}
    unknown = sorted(set(text) - known)
    if unknown:
        raise ConfigurationError(
            f"{PROFILE_FILE} has a part '{unknown[0]}'; "
            f"expected only {', '.join(sorted(known))}."
        )
    about = {"code": code, "name": name, **_part(text, "authority")}
    try:
        return AuthorityProfile(
            slug=slug,
            locality=_part(text, "locality"),
            disclosure=_part(text, "disclosure"),
            returns=_part(text, "returns"),
            costs=_part(text, "costs"),
            targets=_list(text, "targets", "parts headed [[targets]]"),
            neighbours=_list(_part(text, "neighbours"), "codes", "a list of ONS codes"),
            members=_members(text),
            scenarios=_list(text, "scenarios", "parts headed [[scenarios]]"),
            **{name: _part(text, name) for name in FORECAST_PARTS if name != "scenarios"},
            **about,
        )
    except (ValidationError, TypeError) as error:
        if isinstance(error, TypeError):
            raise ConfigurationError(
                f"{PROFILE_FILE}: [authority] may hold only code, name and synthetic."
            ) from None
        raise ConfigurationError(_sentences(error, f"{PROFILE_FILE}: ")) from None


def _refuse_misnamed(folder: Path) -> None:
    """Refuse a profile that Notepad gave a second ending, which Windows does not show."""
    meant = (PROFILE_FILE, f"{PROFILE_FILE}.txt")
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.name.casefold() in meant:
            raise ConfigurationError(
                f"'{file.name}' in '{folder.name}' would be passed over; rename it to "
                f"{PROFILE_FILE}, with file name extensions shown."
            )


def names_members(folder: Path) -> bool:
    """Whether the profile in a folder is a consortium's; one that is not readable is not."""
    try:
        text = (folder / PROFILE_FILE).read_text(encoding="utf-8-sig")
        return "consortium" in text and "consortium" in tomllib.loads(text)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False


def _members(text: dict[str, Any]) -> tuple[Any, ...]:
    part = _part(text, "consortium")
    strange = sorted(set(part) - {"members"})
    if strange or ("consortium" in text and not part):
        raise ConfigurationError(
            f"{PROFILE_FILE}: [consortium] holds only members, a list of ONS codes or names"
            + (f"; '{strange[0]}' is not a setting we know." if strange else ".")
        )
    return _list(part, "members", "a list of ONS codes or names")


def _part(text: dict[str, Any], name: str) -> dict[str, Any]:
    part = text.get(name, {})
    if not isinstance(part, dict):
        raise ConfigurationError(
            f"{PROFILE_FILE}: '{name}' is a value; expected a part headed [{name}]."
        )
    return part


def _list(part: dict[str, Any], name: str, expected: str) -> tuple[Any, ...]:
    found = part.get(name, [])
    if not isinstance(found, list):
        raise ConfigurationError(f"{PROFILE_FILE}: '{name}' is not a list; expected {expected}.")
    return tuple(found)


def _sentences(error: ValidationError, start: str) -> str:
    """Pydantic's complaints as sentences: the setting, its value, what was expected."""
    said = []
    for fault in error.errors():
        where = ".".join(str(step) for step in fault["loc"])
        if fault["type"] == "extra_forbidden":
            said.append(f"{start}'{where}' is not a setting we know; check its spelling.")
        elif fault["type"] == "missing":
            said.append(f"{start}{where} is missing.")
        elif fault["type"] == "literal_error":
            said.append(
                f"{start}{where} is '{fault['input']}': expected {fault['ctx']['expected']}."
            )
        else:
            message = re.sub(r"^Input should be ", "expected ", fault["msg"])
            message = message.removeprefix("Value error, ")
            whole = isinstance(fault["input"], dict | list | tuple)
            given = "" if whole else f" is '{fault['input']}'"
            said.append(f"{start}{where}{given}: {message}.")
    return " ".join(said)


def locality_rule_label(rule: str, settings: LocalitySettings) -> str:
    """A locality rule in words, with the numbers and names of the profile.

    >>> locality_rule_label("home_20_miles", LocalitySettings())
    "within 20 miles of the child's home"
    >>> locality_rule_label("border_10_miles", LocalitySettings(border_miles=12))
    "inside the authority's area or within 12 miles of its border"
    """
    if rule not in LOCALITY_RULES:
        raise ConfigurationError(
            f"'{rule}' is not a locality rule; expected one of {', '.join(LOCALITY_RULES)}."
        )
    area = f"{settings.area_of}'s"
    return {
        "home_20_miles": "within 20 miles of the child's home",
        "centre_20_miles": f"within 20 miles of {settings.centre_name or 'the centre'}",
        "boundary_20_miles": f"within 20 miles of {area} boundary",
        "in_area": f"inside {area} area",
        "border_10_miles": (
            f"inside {area} area or within {settings.border_miles:g} miles of its border"
        ),
    }[rule]
