"""The local inputs: their columns and code sets, and the pandera schema of each.

A column is defined once, in the registry (`fields`); here stands which file has it, and
whether it must. `schema_of` makes a pandera schema of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency_lib.codes import CODE_SETS, FOSTER_PLACES, PLACEMENT_GROUP_LABELS
from sufficiency_lib.fields import FIELDS, Field

if TYPE_CHECKING:
    from pandera.pandas import Check, DataFrameSchema

#: Code sets of the local inputs: code → label. Ofsted judges supported accommodation on a
#: scale of its own, which is not turned into the other.
LOCAL_CODES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "PROVISION_TYPES": {
        "childrens_home": "Children's home",
        "secure": "Secure children's home",
        "fostering_agency": "Fostering agency",
        "supported_accommodation": "Supported accommodation",
        "residential_school": "Residential school",
    },
    "SECTORS": {
        "own": "Own provision",
        "private": "Private",
        "voluntary": "Voluntary",
        "other_public": "Other public",
    },
    "OFSTED_GRADES": {
        "Outstanding": "Outstanding",
        "Good": "Good",
        "Requires improvement to be good": "Requires improvement",
        "Inadequate": "Inadequate",
        "Consistently strong service delivery": "Consistently strong",
        "Inconsistent quality of service delivery": "Inconsistent quality",
        "Serious or widespread weaknesses": "Serious or widespread weaknesses",
        "Not yet inspected": "Not yet inspected",
    },
    "CARER_TYPES": {
        "general": "General",
        "specialist": "Specialist",
        "kinship": "Relatives or friends",
    },
    "CONTRACTS": {
        "in_house": "In-house",
        "framework": "Framework",
        "block": "Block",
        "spot": "Spot",
    },
    "REFERRAL_OUTCOMES": {
        "placed": "Placed",
        "placed_unregistered": "Placed in an unregistered setting",
        "withdrawn": "Withdrawn",
        "open": "Still open",
    },
    "PLACEMENT_GROUPS": PLACEMENT_GROUP_LABELS,
})

#: A year of the cheapest foster placement costs more than a week of the dearest: the agencies'
#: dearest are some £3,000 a week, and £100 a week is £5,200 a year.
_FOSTERING_SELDOM_ABOVE = 5_000

#: The columns that say where a row was read.
SOURCE_COLUMNS = ("source_file", "source_line")

_DTYPES = {"integer": "Int64", "number": "float64", "date": "datetime64[ms]", "yes_no": "boolean"}


@dataclass(frozen=True)
class RowRule:
    """What the cells of one row must be to each other, or one cell beyond its field's bounds.

    column  where its finding points
    among   the columns it looks at: a fault of their own comes first
    holds   frame → whether each row keeps the rule; what is not known keeps it
    then    what is done where it does not: row_out, cell_blank or kept
    """

    name: str
    column: str
    among: tuple[str, ...]
    holds: Callable[[pd.DataFrame], pd.Series]
    expected: str
    then: str


@dataclass(frozen=True)
class LocalTable:
    """One local input.

    filled    columns that must be there, and have a value in every row
    blankable columns that must be there; a blank cell means something
    optional  columns that may be missing; then they are read as blank
    marks     columns by which it is known: `enough` of them make it this table
    key       columns that no two rows share; none: said by its reader
    rests     whether every row is needed: a fault in one stops the run
    """

    name: str
    title: str
    filled: tuple[str, ...]
    blankable: tuple[str, ...]
    optional: tuple[str, ...]
    marks: tuple[str, ...]
    enough: int
    key: tuple[str, ...]
    rules: tuple[RowRule, ...] = ()
    rests: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that the file must have."""
        return self.filled + self.blankable

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file."""
        return self.required + self.optional


def _in_order(first: str, then: str) -> RowRule:
    return RowRule(
        "dates_out_of_order", then, (first, then),
        lambda frame: ~(frame[then] < frame[first]), f"a date on or after {first}", "row_out",
    )


def _is_dear(weekly: pd.Series) -> pd.Series:
    """Above what a week of fostering costs, and not what is asked about of any placement."""
    most = FIELDS["cost_gbp_per_week"].doubtful_above
    return (weekly > _FOSTERING_SELDOM_ABOVE) & ~(weekly > most)


LOCAL_TABLES: Mapping[str, LocalTable] = MappingProxyType({
    table.name: table
    for table in (
        LocalTable(
            "provision", "Supply register",
            filled=("provider_name", "provision_type"),
            blankable=("sector", "places"),
            optional=("urn", "owner", "ofsted_grade", "vacancies", "postcode", "authority",
                      "short_breaks_only", "as_at"),
            marks=("provider_name", "provision_type", "ofsted_grade", "vacancies"), enough=2,
            key=("urn", "provider_name", "provision_type", "postcode", "as_at"),
            rules=(
                RowRule("more_vacancies_than_places", "vacancies", ("vacancies", "places"),
                        lambda frame: ~(frame["vacancies"] > frame["places"]).fillna(False),
                        "no more vacancies than places", "cell_blank"),
                RowRule("places_not_known", "places", ("places", "provision_type"),
                        lambda frame: frame["places"].notna()
                        | (frame["provision_type"] == "fostering_agency"),
                        "the number of places", "kept"),
            ),
        ),
        LocalTable(
            "carers", "Fostering households",
            filled=("household_id", "approved_date"),
            blankable=("left_date", "places_approved"),
            optional=("carer_type", "children_placed", "postcode"),
            marks=("household_id", "carer_type", "approved_date", "places_approved",
                   "children_placed"),
            enough=2,
            key=("household_id", "approved_date"),
            rules=(_in_order("approved_date", "left_date"),),
        ),
        LocalTable(
            "ledger", "Cost and contract of each placement",
            filled=("child_id", "start_date", "place_code", "cost_gbp_per_week"),
            blankable=("end_date", "provider_code", "contract"),
            optional=(),
            marks=("start_date", "place_code", "contract", "cost_gbp_per_week"), enough=3,
            key=("child_id", "start_date", "end_date", "place_code", "provider_code", "contract",
                 "cost_gbp_per_week"),
            rules=(
                _in_order("start_date", "end_date"),
                RowRule("doubtful_for_fostering", "cost_gbp_per_week",
                        ("cost_gbp_per_week", "place_code"),
                        lambda frame: ~(frame["place_code"].isin(FOSTER_PLACES)
                                        & _is_dear(frame["cost_gbp_per_week"])),
                        f"an amount for one week, seldom above {_FOSTERING_SELDOM_ABOVE:,} for a "
                        "foster placement (is it a yearly amount?)", "kept"),
            ),
        ),
        LocalTable(
            "referrals", "Placements sought",
            filled=("referral_id", "referral_date", "placement_group_sought", "outcome"),
            blankable=("placement_group_made", "placed_date"),
            optional=("child_id", "offers", "refusals"),
            marks=("referral_id", "referral_date", "placement_group_sought",
                   "placement_group_made", "outcome"),
            enough=3,
            key=("referral_id",),
            rules=(
                _in_order("referral_date", "placed_date"),
                RowRule("outcome_without_date", "placed_date", ("placed_date", "outcome"),
                        lambda frame: frame["placed_date"].notna()
                        == frame["outcome"].isin(["placed", "placed_unregistered"]),
                        "a date where a placement was made, and only there", "kept"),
            ),
        ),
        LocalTable(
            "population", "Mid-year population of the area",
            filled=("mid_year", "age_group", "children"), blankable=(), optional=(),
            marks=("mid_year",), enough=1,
            key=(),
            rules=(
                RowRule("not_above_nought", "children", ("children",),
                        lambda frame: ~(frame["children"] < 1).fillna(False),
                        "a whole number above 0", "row_out"),
            ),
            rests=True,
        ),
        LocalTable(
            "circumstances", "What the return does not say of a child",
            filled=("child_id",),
            blankable=(),
            optional=("sibling_group_id", "is_disabled"),
            marks=("sibling_group_id", "is_disabled", "child_id"), enough=2,
            key=("child_id",),
        ),
        LocalTable(
            "edge_of_care", "Children at the edge of care",
            filled=("as_at", "edge_group", "children"), blankable=(), optional=(),
            marks=("edge_group",), enough=1,
            key=("as_at", "edge_group"),
        ),
    )
})


def local_kind(header: Iterable[str]) -> str | None:
    """Which local input a file's columns make, or None.

    header  column names, in any case. At least two of its columns must be there, and as
            many of its marks as tell it from anything else.

    >>> local_kind(["CHILD_ID", "START_DATE", "PLACE_CODE", "CONTRACT", "ANNUAL_COST"])
    'ledger'
    >>> local_kind(["MID_YEAR", "CHILDREN"]), local_kind(["AS_AT", "AGE_GROUP", "CHILDREN"])
    ('population', None)
    """
    present = {name.lower() for name in header}
    found = {
        table.name: len(present.intersection(table.marks)) / len(table.marks)
        for table in LOCAL_TABLES.values()
        if len(present.intersection(table.marks)) >= table.enough
        and len(present.intersection(table.columns)) >= 2
    }
    return max(found, key=lambda name: found[name]) if found else None


def codes_of(field: Field) -> Mapping[str, str]:
    """Code → label of a column with a code set; empty for a column without.

    >>> list(codes_of(FIELDS["contract"]))
    ['in_house', 'framework', 'block', 'spot']
    """
    if field.codes in CODE_SETS:
        return {code: entry.label for code, entry in CODE_SETS[field.codes].items()}
    return LOCAL_CODES.get(field.codes or "", {})


def expected_of(field: Field) -> str:
    """What a cell of a column must be, in words.

    >>> expected_of(FIELDS["vacancies"])
    'a whole number of places from 0 to 5,000'
    >>> expected_of(FIELDS["cost_gbp_per_week"]), expected_of(FIELDS["contract"])
    ('a number of £ per week from 0.01 to 99,999.99', 'in_house, framework, block or spot')
    """
    if field.kind == "date":
        return "a date as yyyy-mm-dd or dd/mm/yyyy"
    if field.kind == "code":
        codes = list(codes_of(field))
        if len(codes) > len(PLACEMENT_GROUP_LABELS):
            return f"a code of {field.codes}"
        return f"{', '.join(codes[:-1])} or {codes[-1]}"
    if field.kind in ("integer", "number"):
        said = "a whole number" if field.kind == "integer" else "a number"
        said += f" of {field.unit}" if field.unit else ""
        if field.least is not None and field.most is not None:
            # Years have no thousands.
            form = "," if field.unit else ""
            said += f" from {field.least:{form}} to {field.most:{form}}"
        return said
    return {"yes_no": "yes or no"}.get(field.kind, "text")


def dtypes_of(kind: str) -> dict[str, str]:
    """Column → pandas type of a local input's frame, with the columns of its source."""
    table = LOCAL_TABLES[kind]
    types = {name: _DTYPES.get(FIELDS[name].kind, "str") for name in table.columns}
    return types | {"source_file": "str", "source_line": "Int64"}


def empty_table(kind: str) -> pd.DataFrame:
    """A local input without rows, its columns typed."""
    types = dtypes_of(kind)
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in types.items()})


@cache
def schema_of(kind: str) -> DataFrameSchema:
    """The pandera schema of a local input, made of the registry.

    kind     a name in LOCAL_TABLES

    A frame of `dtypes_of` keeps it when every filled column has a value, every code and
    number is in its field's set or bounds, and every row keeps the table's rules. Validate
    with lazy=True: each failure's `check` is the name of what was broken.
    """
    # Half a second that only a run which reads local inputs should pay.
    import pandera.pandas as pa

    table = LOCAL_TABLES[kind]
    types = dtypes_of(kind)
    columns = {
        name: pa.Column(
            types[name], checks=_checks(FIELDS[name]), nullable=name not in table.filled
        )
        for name in table.columns
    }
    columns |= {name: pa.Column(types[name], nullable=True) for name in SOURCE_COLUMNS}
    # A rule says itself what becomes of cells that are not known.
    rules = [pa.Check(rule.holds, error=rule.name, ignore_na=False) for rule in table.rules]
    return pa.DataFrameSchema(columns, checks=rules, strict=True, name=kind)


def _checks(field: Field) -> list[Check]:
    import pandera.pandas as pa

    checks = []
    if field.kind == "code":
        checks.append(pa.Check.isin(list(codes_of(field)), error="unknown_code"))
    if field.least is not None and field.most is not None:
        checks.append(pa.Check.in_range(field.least, field.most, error="out_of_bounds"))
    if field.doubtful_above is not None:
        checks.append(pa.Check.le(field.doubtful_above, error="doubtful_amount"))
    return checks
