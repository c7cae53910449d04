"""What a profile may say of the forecast: its length, scenarios, unit costs and capacity.

The parts [forecast], [[scenarios]], [unit_costs_gbp_per_week], [capacity_places] and [publish] of
profile.toml. An analyst makes the same `Scenario` in a notebook cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from sufficiency_lib.codes import PLACEMENT_GROUPS, PROVIDER_SIDES

#: Fostering (U4 to U6) by the authority's own carers, and by independent agencies.
FOSTERING_COHORTS = ("fostering_in_house", "fostering_ifa")
#: The scenario in which nothing is changed. It stands apart, so no other may have its name.
NO_CHANGE = "no_change"


def _state(text: str) -> str:
    group, _, side = text.partition("/")
    if group not in PLACEMENT_GROUPS or side not in PROVIDER_SIDES:
        raise ValueError(
            "expected a placement group and whose provision it is, as 'childrens_home/independent'"
        )
    return text


def _group(text: str) -> str:
    if text not in (*PLACEMENT_GROUPS, *FOSTERING_COHORTS):
        raise ValueError("expected a placement group, fostering_in_house or fostering_ifa")
    return text


def _place(text: str) -> str:
    return text if text in PLACEMENT_GROUPS else _state(text)


def _costed(text: str) -> str:
    return _state(text) if "/" in text else _group(text)


#: A placement group and whose provision it is: 'childrens_home/independent'.
State = Annotated[str, AfterValidator(_state)]
#: The same, or a whole placement group.
Place = Annotated[str, AfterValidator(_place)]
#: A placement group, or one of FOSTERING_COHORTS.
Group = Annotated[str, AfterValidator(_group)]
Costed = Annotated[str, AfterValidator(_costed)]
Age = Annotated[int, Field(ge=0, le=17)]
GbpPerWeek = Annotated[float, Field(gt=0, lt=100_000, allow_inf_nan=False)]
Places = Annotated[int, Field(ge=0, le=5_000)]


class _Checked(BaseModel):
    """Settings are frozen, and an unknown name is refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ForecastSettings(_Checked):
    """How far the forecast looks and how many futures it draws.

    years  up to ten, as the guidance (4.7) has it
    draws  simulated futures; more make the ends of the intervals steadier and take longer
    seed   the same seed gives the same futures
    """

    years: Annotated[int, Field(ge=1, le=10)] = 10
    draws: Annotated[int, Field(ge=100, le=10_000)] = 500
    seed: Annotated[int, Field(ge=0)] = 1


class EntryChange(_Checked):
    """Fewer or more children coming into care; see `forecast.levers.EntryChange`."""

    pct: Annotated[float, Field(ge=-100, le=300)]
    begins: date
    by: date | None = None
    ages: tuple[Age, Age] | None = None
    uasc: bool = False


class ExitChange(_Checked):
    """Children leaving care sooner or later; see `forecast.levers.ExitChange`."""

    pct: Annotated[float, Field(ge=-100, le=300)]
    begins: date
    by: date | None = None
    ages: tuple[Age, Age] | None = None
    places: tuple[Place, ...] = ()


class StepDown(_Checked):
    """Children moved on to another kind of placement; see `forecast.levers.StepDown`."""

    places: Annotated[tuple[Place, ...], Field(min_length=1)]
    to: State
    pct_a_year: Annotated[float, Field(gt=0, lt=100)]
    begins: date
    by: date | None = None


class InHouseTarget(_Checked):
    """A share of fostering that is to be in-house by a date: 90 by 2028-03-31 is 90/10."""

    pct: Annotated[float, Field(ge=0, le=100)]
    by: date
    begins: date | None = None


class NewPlaces(_Checked):
    """Places that open, for children who would live elsewhere; see `forecast.levers.NewPlaces`."""

    state: State
    places: Annotated[int, Field(ge=1, le=1_000)]
    opens: date
    instead_of: Annotated[tuple[Place, ...], Field(min_length=1)]
    occupancy_pct: Annotated[float, Field(gt=0, le=100)] = 100.0


class Scenario(_Checked):
    """What a council would change, or fears: everything else stays as in `no_change`.

    name        what tables and charts call it
    entries, exits, step_down, in_house, new_places  as in `forecast.levers.Levers`

    >>> Scenario(name="Ninety to ten", in_house={"pct": 90, "by": "2028-03-31"}).in_house.pct
    90.0
    """

    name: Annotated[str, Field(min_length=1, max_length=40)]
    entries: tuple[EntryChange, ...] = ()
    exits: tuple[ExitChange, ...] = ()
    step_down: tuple[StepDown, ...] = ()
    in_house: InHouseTarget | None = None
    new_places: tuple[NewPlaces, ...] = ()

    @field_validator("name")
    @classmethod
    def _is_apart(cls, name: str) -> str:
        if name.strip().lower() in (NO_CHANGE, "no change"):
            raise ValueError("that is the forecast itself; give the scenario another name")
        return name


class PublishSettings(_Checked):
    """What may be published beside the counts.

    costs  whether spend and unit costs may: they can be commercially sensitive (FOIA, s43), so
           they are withheld unless this says so
    """

    costs: bool = False


class ForecastProfile(_Checked):
    """The parts of a profile that the forecast reads.

    scenarios                each apart from no_change, and from each other
    unit_costs_gbp_per_week  placement group, fostering_in_house, fostering_ifa or a state
                             ('childrens_home/own') → what a place costs a week; stands in where
                             the ledger has no such placement
    capacity_places          placement group, fostering_in_house or fostering_ifa → places that
                             the council can count on
    """

    forecast: ForecastSettings = ForecastSettings()
    scenarios: tuple[Scenario, ...] = ()
    unit_costs_gbp_per_week: Mapping[Costed, GbpPerWeek] = {}
    capacity_places: Mapping[Group, Places] = {}
    publish: PublishSettings = PublishSettings()

    @field_validator("scenarios")
    @classmethod
    def _names_differ(cls, scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
        names = [scenario.name for scenario in scenarios]
        if len(set(names)) < len(names):
            raise ValueError("two scenarios have one name; give each its own")
        return scenarios


#: The parts of profile.toml that are read here.
FORECAST_PARTS = tuple(ForecastProfile.model_fields)
