"""What most needs doing: the children in each gap of sufficiency, most first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields

import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUP_LABELS
from sufficiency_lib.judgement.shown import HIDDEN, Shown, newest, number_in, rows_of
from sufficiency_lib.metrics.marks import NOT_APPLICABLE
from sufficiency_lib.metrics.stock import long_date, percentage
from sufficiency_lib.settings_forecast import NO_CHANGE

Record = Mapping[str, object]

#: How children are counted, in the order of the table; only the first is ranked.
ON_THE_DATE, IN_THE_YEAR, SEARCHES, FORECAST = (
    "on_the_date", "in_the_year", "searches", "forecast",
)
BASES = (ON_THE_DATE, IN_THE_YEAR, SEARCHES, FORECAST)

#: Supply of which it is known that this authority's children may have it.
OWN_SUPPLY = ("profile", "carers")

COLUMNS = ("rank", "priority", "what", "children_affected", "of_children", "share_pct", "basis",
           "rule", "stands_in", "suggests")


@dataclass(frozen=True)
class _Found:
    """A candidate: a cell of a shown table and what it suggests."""

    priority: str
    what: str
    children_affected: object
    of_children: object
    basis: str
    rule: str
    stands_in: str
    suggests: str


def priorities(shown: Shown, *, rule: str) -> pd.DataFrame:
    """What most needs doing, ranked by the children it touches on the date of the page.

    shown    the tables of the page by id, disclosed or not; those that are absent are left out.
             Read: locality, stability, siblings, providers_nearby, unregistered_and_other,
             waiting_and_vacancies, missing_from_care, care_leavers, searches, sought_and_made,
             searches_by_type, sufficiency_gap
    rule     the locality rule in force
    returns  rank (whole; blank where not ranked), priority (a code), what, children_affected,
             of_children, share_pct (%, half up), basis, rule ("" where none), stands_in (id of
             the table), suggests. One row a gap, never a row of none.

    Only children counted on the date are ranked, and equal counts share a rank (1, 1, 3): a
    count over a year takes in children who have left, a search is no child, and a forecast is
    of children to come. Those follow without a rank, each basis most first. A count that is
    hidden ("c", "k") comes last in a fixed order that no count has part in. What is not known
    or not applicable is left out. Only the newest date or year of a table is read.
    Source: Children Act 1989, 22C and 22G; statutory guidance (2010), 4.7 and Box 1.

    >>> stock = pd.DataFrame({"rule": ["home_20_miles"], "cohort": ["all"], "children": [330],
    ...     "within": [241], "beyond": [64], "not_known": [25]})
    >>> table = priorities({"locality": stock}, rule="home_20_miles")
    >>> table[["rank", "priority", "children_affected", "share_pct"]].to_numpy().tolist()
    [[1, 'not_local', 64, 19.4], [2, 'distance_not_known', 25, 7.6]]
    """
    found = [one for one in _candidates(shown, rule) if _is_some(one.children_affected)]
    told = [one for one in found if number_in(one.children_affected) is not None]
    told.sort(key=lambda one: (BASES.index(one.basis), -number_in(one.children_affected)))
    hidden = [one for one in found if number_in(one.children_affected) is None]
    frame = pd.DataFrame(
        [astuple(one) for one in (*told, *hidden)], columns=[one.name for one in fields(_Found)],
        dtype=object,
    )
    frame["share_pct"] = pd.Series([_share(one) for one in (*told, *hidden)], dtype=object)
    frame["rank"] = pd.array(_ranks(told) + [None] * len(hidden), dtype="Int64")
    return frame[list(COLUMNS)]


def is_told(frame: pd.DataFrame) -> list[bool]:
    """Which rows of `priorities` have a number that may be shown.

    >>> is_told(pd.DataFrame({"children_affected": [64, "c"]}))
    [True, False]
    """
    return [number_in(value) is not None for value in frame["children_affected"]]


def _is_some(value: object) -> bool:
    number = number_in(value)
    return number > 0 if number is not None else _hidden_mark(value) is not None


def _hidden_mark(*values: object) -> str | None:
    """The mark of what is hidden, where a value is one."""
    marks = [value for value in values if isinstance(value, str)]
    return next((mark for mark in HIDDEN if mark in marks), None)


def _share(one: _Found) -> object:
    part, whole = number_in(one.children_affected), number_in(one.of_children)
    if part is not None and whole:
        return float(percentage(part, whole))
    return _hidden_mark(one.children_affected, one.of_children) or NOT_APPLICABLE


def _ranks(told: list[_Found]) -> list[int | None]:
    ranked = [one.children_affected for one in told if one.basis == ON_THE_DATE]
    return [1 + ranked.index(count) for count in ranked] + [None] * (len(told) - len(ranked))


def _sum(row: Record, *columns: str) -> object:
    """Cells added up; hidden where one is, and nothing where one is not known."""
    values = [row.get(column) for column in columns]
    hidden = _hidden_mark(*values)
    known = [number_in(value) for value in values]
    return hidden if hidden or None in known else _whole(sum(known))


def _whole(number: float) -> float:
    return int(number) if number.is_integer() else number


# --- the candidates, table by table ----------------------------------------------------------


def _candidates(shown: Shown, rule: str) -> Iterator[_Found]:
    yield from _placed_far(shown, rule)
    yield from _by_cohort(shown, rule)
    yield from _moved(shown)
    yield from _apart(shown)
    yield from _none_near(shown)
    yield from _without_registration(shown)
    yield from _waiting(shown)
    yield from _missing(shown)
    yield from _leavers(shown)
    yield from _searches(shown)
    yield from _short(shown)


def _placed_far(shown: Shown, rule: str) -> Iterator[_Found]:
    for code, by, column, what, suggests in _FAR:
        if by == rule and column == "beyond":
            continue
        for row in rows_of(shown, "locality", rule=rule if by == "in force" else by, cohort="all"):
            # What is not known of a child is so under no rule.
            ruled = str(row["rule"]) if column == "beyond" else ""
            yield _Found(code, what, row.get(column), row.get("children"), ON_THE_DATE, ruled,
                         "locality", suggests)


#: Code, rule, column, what, what it suggests. The rule in force is not said twice.
_FAR = (
    ("not_local", "in force", "beyond", "Children not placed locally",
     "Look for carers and homes nearer to where children come from, for those who come next; "
     "tell apart the children whose distance is a choice made for them."),
    ("beyond_home", "home_20_miles", "beyond", "Children placed more than 20 miles from home",
     "Look for carers and homes nearer to where children come from, for those who come next; "
     "tell apart the children whose distance is a choice made for them."),
    ("outside_area", "in_area", "beyond", "Children placed outside the authority's area",
     "Compare the places inside the area with the children who come from it, kind by kind."),
    ("distance_not_known", "home_20_miles", "not_known",
     "Children whose distance from home is not known",
     "A gap in the record: find the missing postcodes, as nothing can be judged of these "
     "children's distance. For children who came to the country alone there is none."),
)


def _by_cohort(shown: Shown, rule: str) -> Iterator[_Found]:
    for cohort, what, suggests in _COHORTS:
        for row in rows_of(shown, "locality", rule=rule, cohort=cohort):
            yield _Found(f"{cohort}_not_local", what, row.get("beyond"), row.get("children"),
                         ON_THE_DATE, rule, "locality", suggests)


_COHORTS = (
    ("childrens_home", "Children in children's homes that are not local",
     "Talk with providers, and look at homes of the council's own, about places nearer home for "
     "children who come next."),
    ("fostering_ifa", "Children fostered through agencies, not placed locally",
     "Recruit carers where children come from, and ask agencies for carers there."),
    ("fostering_in_house", "Children fostered by the council's own carers, not placed locally",
     "Recruit the council's own carers in the parts of the area where children come from."),
    ("supported_accommodation", "Young people in supported accommodation that is not local",
     "Look for supported accommodation and lodgings near young people's homes and colleges."),
)


def _moved(shown: Shown) -> Iterator[_Found]:
    for measure, column, what, suggests in _MOVES:
        for row in newest(shown, "stability", "as_at", measure=measure):
            yield _Found(measure, what, row.get(column), row.get("denominator"), ON_THE_DATE, "",
                         "stability", suggests)


_MOVES = (
    ("three_or_more_placements", "numerator", "Children with three or more placements in the year",
     "Look at how each placement ended: support for carers, respite, and a wider choice at the "
     "first match."),
    ("same_carer_2_years", "answered_no",
     "Children looked after long term without the same carer for two years",
     "Look at long-term matching, and at support for carers who would keep a child."),
)


def _apart(shown: Shown) -> Iterator[_Found]:
    for row in newest(shown, "siblings", "as_at", sibling_group_size="all"):
        yield _Found(
            "siblings_apart",
            "Children who live apart from a brother or sister who is looked after",
            _sum(row, "with_some", "with_none"), row.get("children"), ON_THE_DATE, "", "siblings",
            "Recruit carers who can take brothers and sisters together, and plan contact where "
            "living apart is right for them.",
        )


def _none_near(shown: Shown) -> Iterator[_Found]:
    for row in rows_of(shown, "providers_nearby"):
        group = str(row["placement_group"])
        yield _Found(
            f"none_near_{group}",
            f"Children with no provider of their kind of placement near home: {_label(group)}",
            row.get("none_near"), row.get("children"), ON_THE_DATE, "home_20_miles",
            "providers_nearby", "See where added places would be near most children's homes.",
        )


def _without_registration(shown: Shown) -> Iterator[_Found]:
    for code, what, suggests in _ARRANGEMENTS:
        for row in newest(shown, "unregistered_and_other", "year_ending", arrangement=code):
            for column, basis, ending in (
                ("children_at_year_end", ON_THE_DATE, "on the last day of the year"),
                ("children_in_year", IN_THE_YEAR, "at any time in the year"),
            ):
                yield _Found(f"{code}_{basis}", f"{what}, {ending}", row.get(column),
                             NOT_APPLICABLE, basis, "", "unregistered_and_other", suggests)


_ARRANGEMENTS = (
    ("other_placements", "Children in other placements, which take in unregistered settings",
     "See what was sought and not found for each child, and who could have offered it."),
    ("under_16_supported", "Children under 16 in supported accommodation",
     "Not lawful since 9 September 2021: see what was sought for each child and not found."),
    ("home_without_urn", "Children in a children's home without an Ofsted number",
     "Check the record and the registration of each home."),
    ("supported_without_urn", "Young people in supported accommodation without an Ofsted number",
     "Check the record, and the registration or application of each provider."),
)


def _waiting(shown: Shown) -> Iterator[_Found]:
    for row in rows_of(shown, "waiting_and_vacancies"):
        group = str(row["placement_group_sought"])
        waiting = row.get("waiting")
        yield _Found(
            f"waiting_{group}",
            f"Children waiting, without a vacancy for each near their home: {_label(group)}",
            _unmatched(row), waiting, ON_THE_DATE, "home_20_miles", "waiting_and_vacancies",
            "Tell providers and carers now what is sought, and where.",
        )


def _unmatched(row: Record) -> object:
    """Those waiting less those who could be matched and those whose home is not known."""
    others = _sum(row, "could_be_matched", "home_not_known")
    left = {"waiting": row.get("waiting"), "others": others}
    if number_in(others) is not None:
        left["others"] = -number_in(others)
    return _sum(left, "waiting", "others")


def _missing(shown: Shown) -> Iterator[_Found]:
    for row in newest(shown, "missing_from_care", "year_ending", measure="missing"):
        yield _Found(
            "missing", "Children who went missing in the year", row.get("numerator"),
            row.get("denominator"), IN_THE_YEAR, "", "missing_from_care",
            "Set what children say on return beside where they were placed.",
        )


def _leavers(shown: Shown) -> Iterator[_Found]:
    for row in newest(shown, "care_leavers", "year_ending", measure="suitable_accommodation"):
        ages = str(row["leaver_age"]).replace("_", " to ")
        yield _Found(
            f"leavers_{row['leaver_age']}",
            f"Care leavers aged {ages} whose accommodation was recorded as not suitable",
            row.get("answered_no"), row.get("denominator"), IN_THE_YEAR, "", "care_leavers",
            "Look at homes for care leavers with the housing authority.",
        )


def _searches(shown: Shown) -> Iterator[_Found]:
    for row in newest(shown, "searches", "year_ending"):
        yield _Found(
            "searches_unregistered", "Searches that ended in an unregistered setting",
            row.get("placed_unregistered"), row.get("searches"), SEARCHES, "", "searches",
            "See who was asked and why each refused; agree what would be offered next time.",
        )
    for row in newest(shown, "sought_and_made", "year_ending", placement_group_sought="fostering"):
        of = newest(shown, "searches_by_type", "year_ending", placement_group_sought="fostering")
        yield _Found(
            "fostering_sought_home_made",
            "Searches for foster carers that ended in a children's home", row.get("home_made"),
            of[0].get("searches") if of else NOT_APPLICABLE, SEARCHES, "", "sought_and_made",
            "Look for carers able to meet these needs, and for support that lets a child go "
            "from a home to a family.",
        )


def _short(shown: Shown) -> Iterator[_Found]:
    """The first year end at which the middle future has more children than places."""
    seen: set[str] = set()
    rows = [row for row in rows_of(shown, "sufficiency_gap", scenario=NO_CHANGE)
            if row["supply_basis"] in OWN_SUPPLY and (number_in(row.get("gap_p50")) or 0) > 0]
    for row in sorted(rows, key=lambda row: str(row["year_ending"])):
        group = str(row["placement_group"])
        if group in seen:
            continue
        seen.add(group)
        yield _Found(
            f"short_{group}",
            f"Children beyond the places by {long_date(row['year_ending'])}, if nothing changes, "
            f"in the middle of the forecast: {_label(group)}",
            row["gap_p50"], row.get("need_p50"), FORECAST, "", "sufficiency_gap",
            "Plan places for the range of the forecast, and not for its middle alone.",
        )


#: Groups that stand beside the placement groups in forecasts.
_ALSO = {"fostering_in_house": "Fostering by the council's own carers",
         "fostering_ifa": "Fostering through agencies", "all": "All placements", "other": "Other"}


def _label(group: str) -> str:
    text = {**PLACEMENT_GROUP_LABELS, **_ALSO}.get(group, group.replace("_", " "))
    return text[:1].lower() + text[1:]
