"""The first part of the summary, what we know: the children of the day and their placements."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sufficiency_lib.publish.briefing import (
    Brief,
    Sentence,
    count,
    counted,
    day_words,
    figures,
    published_share,
    rule_words,
    share,
)
from sufficiency_lib.publish.wording import listed, number, sentence_case

#: The figures set beside England's, each on the definition that England publishes.
_COMPARED = ("rate_per_10000", "placed_over_20_miles_pct", "three_or_more_placements_pct",
             "same_carer_2_years_pct")


def looked_after(brief: Brief) -> str:
    """How many children, and how many of the population beside England."""
    row = brief.newest("children_looked_after", "as_at")
    children = figures(row, "children")
    if not children:
        return ""
    first = (
        f"On {day_words(row['as_at'])} {brief.name} looked after "
        f"{counted(*children, 'child', 'children')}, not counting short breaks."
    )
    rate = figures(row, "rate_per_10000")
    if not rate:
        return first
    beside = _england(brief, "rate_per_10000", count)
    return f"{first} That is {count(*rate)} in every 10,000 people aged 0 to 17{beside}."


#: Cohort → how children in it live, from the most usual.
_HOMES: Mapping[str, str] = {
    "fostering_in_house": "with the council's own foster carers",
    "fostering_ifa": "with foster carers of agencies",
    "kinship": "with relatives or friends who foster them",
    "childrens_home": "in children's homes",
    "supported_accommodation": "in supported accommodation",
    "parents": "with their parents",
}


def homes(brief: Brief) -> str:
    """With whom the children live, kind by kind, of the kinds whose number is shown."""
    told = []
    for cohort, where in _HOMES.items():
        children = figures(brief.newest("placements_by_sector", "as_at", cohort=cohort),
                           "children")
        if children and children[0] > 0:
            told.append(f"{count(*children)} lived {where}" if not told
                        else f"{count(*children)} {where}")
    return f"Of the children, {listed(told)}." if told else ""


def own_carers(brief: Brief) -> str:
    """The council's own carers against agencies', without and with relatives and friends."""
    value = _headline(brief, "in_house_children_pct")
    if not value:
        return ""
    text = (f"Of children fostered by the council's own carers or an agency's, {value} were with "
            f"its own")
    kin = _headline(brief, "in_house_incl_kinship_children_pct")
    return f"{text}; counting relatives and friends too, {kin}." if kin else (
        f"{text}; relatives and friends are not counted.")


def _headline(brief: Brief, metric: str) -> str:
    value = figures(brief.row("headline", metric=metric), "numerator", "denominator", "value")
    return _of(*value) if value else ""


def near_home(brief: Brief) -> str:
    """Children placed locally under the rule in force, with the base and what is not known."""
    row = brief.row("locality", rule=brief.rule, cohort="all")
    local = figures(row, "within", "children", "rate_pct")
    if not local:
        return ""
    more = []
    beyond, unknown = figures(row, "beyond"), figures(row, "not_known")
    if beyond:
        more.append(f"{count(*beyond)} {'was' if beyond[0] == 1 else 'were'} not")
    if unknown and unknown[0]:
        more.append(f"for {count(*unknown)} it is not known")
    tail = f"; {listed(more)}" if more else ""
    return (
        f"By the council's rule ({rule_words(brief, brief.rule)}), "
        f"{_of(*local, 'children')} were placed locally{tail}."
    )


_KINDS: Mapping[str, str] = {
    "fostering_in_house": "with the council's own foster carers",
    "fostering_ifa": "with agency carers",
    "childrens_home": "in children's homes",
}


def near_home_by_kind(brief: Brief) -> str:
    """The same rule for the kinds of placement the council buys or runs."""
    told = []
    for cohort, who in _KINDS.items():
        rate = figures(brief.row("locality", rule=brief.rule, cohort=cohort), "rate_pct")
        if rate:
            told.append(f"{share(*rate)} {'' if told else 'of children '}{who}")
    if len(told) < 2:
        return ""
    return f"{sentence_case(rule_words(brief, brief.rule))} were {listed(told)}."


def far_from_home(brief: Brief) -> str:
    """Children more than 20 miles from home, on the definition that England publishes."""
    row = brief.row("comparators", metric="placed_over_20_miles_pct")
    value = figures(row, "numerator", "denominator", "value")
    if not value:
        return ""
    beside = _england(brief, "placed_over_20_miles_pct", published_share)
    return f"{_of(*value, 'children')} lived more than 20 miles from home{beside}."


def brothers_and_sisters(brief: Brief) -> str:
    """How many children with a brother or sister in care live with all, some or none."""
    row = brief.newest("siblings", "as_at", sibling_group_size="all")
    children = figures(row, "children")
    if not children or not children[0]:
        return ""
    told = [f"{count(*value)} lived {whom}"
            for column, whom in (("with_all", "with all of them"),
                                 ("with_some", "with some of them"),
                                 ("with_none", "with none of them"))
            if (value := figures(row, column))]
    unknown = figures(row, "not_known")
    told += [f"for {count(*unknown)} it is not known"] if unknown and unknown[0] else []
    who = counted(*children, "child", "children")
    return f"Of {who} with a brother or sister looked after, {listed(told)}." if told else ""


def stability(brief: Brief) -> str:
    """Moves in the year and long stays, each beside England."""
    told = []
    moves = _newest_rate(brief, "three_or_more_placements")
    if moves:
        beside = _england(brief, "three_or_more_placements_pct", published_share)
        told.append(f"{_of(*moves, 'children')} had three or more placements in the "
                    f"year{beside}.")
    stays = _newest_rate(brief, "same_carer_2_years")
    if stays:
        beside = _england(brief, "same_carer_2_years_pct", published_share)
        told.append(f"{_of(*stays, 'children')} looked after long term had lived with the same "
                    f"carer for two years{beside}.")
    return " ".join(told)


def _newest_rate(brief: Brief, measure: str) -> tuple[float, ...]:
    row = brief.newest("stability", "as_at", measure=measure)
    return figures(row, "numerator", "denominator", "rate_pct")


def searches(brief: Brief) -> str:
    """Placements sought in the year and how many were found, and how soon."""
    row = brief.newest("searches", "year_ending")
    value = figures(row, "searches", "placed", "placed_pct")
    if not value:
        return ""
    days = figures(row, "median_days")
    soon = f", half of them within {number('days', *days)} days" if days else ""
    unregistered = figures(row, "placed_unregistered")
    last = f" {counted(*unregistered, '', '', 'None').strip()} ended in an unregistered one." if (
        unregistered) else ""
    return (
        f"Of {counted(value[0], 'search', 'searches')} for a placement in the year to "
        f"{day_words(row['year_ending'])}, {count(value[1])} ({share(value[2])}) ended in a "
        f"registered setting{soon}.{last}"
    )


def places(brief: Brief) -> str:
    """The council's own foster homes, and the children's homes in its area."""
    told = []
    row = brief.row("fostering_capacity", carer_group="mainstream")
    carers, used = figures(row, "households", "places"), figures(row, "filled")
    if carers:
        filled = f", with {counted(*used, 'child', 'children')} placed" if used else ""
        told.append(
            f"The council had {counted(carers[0], 'fostering household', 'fostering households')} "
            f"(not counting relatives and friends), approved for "
            f"{counted(carers[1], 'place', 'places')}{filled}.")
    here = figures(brief.row("supply_by_area", provision_type="childrens_home", area="inside"),
                   "providers", "places")
    if here:
        told.append(
            f"In its area {'was' if here[0] == 1 else 'were'} "
            f"{counted(here[0], *_CHILDRENS_HOMES)} with {counted(here[1], 'place', 'places')}, "
            f"for the children of any council.")
    return " ".join(told)


_CHILDRENS_HOMES = ("children's home", "children's homes")


def dates(brief: Brief) -> str:
    """The day of what has none beside it, and the release of England's figures."""
    if not looked_after(brief):
        return ""
    release = _release(brief)
    england = f" Figures for England: {release}." if release else ""
    return f"Figures without a date are of {day_words(brief.day)}.{england}"


def _england(brief: Brief, metric: str, say: Callable[[float], str]) -> str:
    row = brief.row("comparators", metric=metric)
    england = figures(row, "england")
    if not england:
        return ""
    release = "" if _release(brief) else f" ({row['release']})"
    return f", against {say(*england)} in England{release}"


def _release(brief: Brief) -> str:
    """The one release that England's figures are from; "" where they differ."""
    rows = [row for row in brief.rows("comparators") if row["metric"] in _COMPARED]
    releases = {str(row["release"]) for row in rows if figures(row, "england")}
    return releases.pop() if len(releases) == 1 else ""


def _of(part: float, whole: float, rate: float, who: str = "") -> str:
    of = f"{count(part)} of {count(whole)}{' ' if who else ''}{who}"
    return f"{of} ({share(rate)})"


KNOWN: tuple[Sentence, ...] = (
    looked_after, homes, own_carers, near_home, near_home_by_kind, far_from_home,
    brothers_and_sisters, stability, searches, places, dates,
)
