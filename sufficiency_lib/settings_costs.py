"""What a profile may say of costs beside the ledger: the part [costs] of profile.toml.

Whether costs are published is one switch for every section: `costs` under [publish] (see
`settings_forecast.PublishSettings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sufficiency_lib.codes import PLACEMENT_GROUPS

#: The eight processes of placing a child, in their order. Source: Ward, Holmes and Soper
#: (2008), *Costs and Consequences of Placing Children in Care* (Loughborough's Cost
#: Calculator), named in the sufficiency guidance (2010).
Process = Literal[
    "first_placement", "care_planning", "maintaining", "ceasing", "next_placement", "review",
    "legal", "leaving_care",
]
PROCESSES: tuple[str, ...] = get_args(Process)


def _group(text: str) -> str:
    if text not in PLACEMENT_GROUPS:
        raise ValueError(f"expected a placement group: {', '.join(PLACEMENT_GROUPS)}")
    return text


Group = Annotated[str, AfterValidator(_group)]
Gbp = Annotated[float, Field(gt=0, le=100_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=100)]


class _Checked(BaseModel):
    """Settings are frozen, and an unknown name is refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CostItem(_Checked):
    """A cost of a kind of placement that the ledger does not hold.

    name             in the council's words: "Supervising social workers"
    placement_group  whose placements it is for
    side             own: the council's own provision; independent: what buying it costs besides
    gbp_per_week     for each child placed, or else
    gbp_per_year     for all of them together: spread over the nights of the year

    >>> CostItem(name="Training", placement_group="fostering", gbp_per_week=20).side
    'own'
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    placement_group: Group
    side: Literal["own", "independent"] = "own"
    gbp_per_week: Gbp | None = None
    gbp_per_year: Gbp | None = None

    @model_validator(mode="after")
    def _has_one_unit(self) -> CostItem:
        if (self.gbp_per_week is None) == (self.gbp_per_year is None):
            raise ValueError(
                f"the cost '{self.name}' has to be given once, as gbp_per_week (for each child) "
                "or as gbp_per_year (for all of them together)"
            )
        return self


class ProcessCost(_Checked):
    """What one of the eight processes costs each time: in pounds, or in hours and their rate.

    >>> ProcessCost(hours=10, gbp_per_hour=45.5).each
    455.0
    """

    gbp_each: Gbp | None = None
    hours: Annotated[float, Field(gt=0, le=10_000)] | None = None
    gbp_per_hour: Annotated[float, Field(gt=0, le=1_000)] | None = None

    @model_validator(mode="after")
    def _is_told_once(self) -> ProcessCost:
        by_hour = (self.hours is not None, self.gbp_per_hour is not None)
        if by_hour not in ((True, True), (False, False)) or any(by_hour) == (
            self.gbp_each is not None
        ):
            raise ValueError("expected gbp_each, or hours together with gbp_per_hour")
        return self

    @property
    def each(self) -> float:
        """Pounds each time."""
        if self.gbp_each is not None:
            return self.gbp_each
        return float(self.hours or 0) * float(self.gbp_per_hour or 0)


class InvestSettings(_Checked):
    """What moving fostering in house is worked out for.

    moved_pct      of the nights bought from agencies
    occupancy_pct  of approved places that are filled, by which nights become places;
                   Herefordshire's own carers filled 85% in 2018/19, and planned with it
    one_off_gbp_per_place  what it takes to recruit and approve a place; None: not given
    """

    moved_pct: Annotated[tuple[Share, ...], Field(min_length=1, max_length=6)] = (10, 25, 50)
    occupancy_pct: Share = 85
    one_off_gbp_per_place: Gbp | None = None


class CostSettings(_Checked):
    """The part [costs]: what the ledger does not hold, and what to work out.

    items           under [[costs.items]]: full costs (guidance 4.5)
    processes       under [costs.processes.<process>]
    invest_to_save  under [costs.invest_to_save]
    """

    items: tuple[CostItem, ...] = ()
    processes: Mapping[Process, ProcessCost] = {}
    invest_to_save: InvestSettings = InvestSettings()
