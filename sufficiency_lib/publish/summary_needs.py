"""The third part of the summary, what we need: places, targets, priorities, evidence."""

from __future__ import annotations

from sufficiency_lib.judgement.duties import coverage
from sufficiency_lib.judgement.priorities import ON_THE_DATE, OWN_SUPPLY
from sufficiency_lib.publish.briefing import (
    Brief,
    Row,
    Sentence,
    closed,
    count,
    counted,
    day_words,
    figures,
    rule_words,
    share,
)
from sufficiency_lib.publish.glance import figure_words
from sufficiency_lib.publish.wording import listed, mid_sentence
from sufficiency_lib.settings_forecast import NO_CHANGE

#: How many of a list are told; the tables have all.
_TOLD = 3

_SPREAD = ("need_p10", "need_p50", "need_p90")
_GAPS = ("gap_p10", "gap_p50", "gap_p90")


def short_of_places(brief: Brief) -> str:
    """The kinds with more children than places in the middle future, most short first."""
    rows = [row for row in _gaps(brief) if row["supply_basis"] in OWN_SUPPLY
            and figures(row, *_GAPS)[1] > 0]
    rows.sort(key=lambda row: -figures(row, *_GAPS)[1])
    told = [_short(brief, row) for row in rows[:_TOLD]]
    return " ".join(told)


def _short(brief: Brief, row: Row) -> str:
    low, _, high = figures(row, *_SPREAD)
    short = counted(figures(row, "gap_p50")[0], "place", "places")
    text = (
        f"{_kind(brief, row)}: the council has {_places(row)}, and by "
        f"{day_words(row['year_ending'])} expects {count(low)} to {count(high)} children in "
        f"eight of ten futures. In the middle of that range it is {short} short"
    )
    chance = figures(row, "chance_short_pct")
    return f"{text}; there are too few in {share(*chance)} of futures." if chance else f"{text}."


def enough_places(brief: Brief) -> str:
    """The kinds with places for the middle future, and whether for the top of the range."""
    told: dict[bool, list[str]] = {True: [], False: []}
    for row in _gaps(brief):
        _, middle, top = figures(row, *_GAPS)
        if row["supply_basis"] in OWN_SUPPLY and middle <= 0:
            low, _, high = figures(row, *_SPREAD)
            kind = mid_sentence(_kind(brief, row))
            told[top <= 0].append(
                f"{kind} ({_places(row)}, {count(low)} to {count(high)} children expected)")
    when = {True: "the whole forecast", False: "the middle of the forecast but not its top"}
    said = [f"for {when[whole]}: {listed(kinds)}" for whole, kinds in told.items() if kinds]
    if not said:
        return ""
    last = day_words(_gaps(brief)[0]["year_ending"])
    return (f"By {last} there are places enough {'; '.join(said)}. Not every place suits every "
            f"child.")


def short_in_the_area(brief: Brief) -> str:
    """Kinds of which all registered places in the area, whoever uses them, are too few."""
    told = [
        f"{mid_sentence(_kind(brief, row))} ({_places(row)} for the "
        f"{count(figures(row, *_SPREAD)[1])} children of the middle forecast)"
        for row in _gaps(brief)
        if row["supply_basis"] not in OWN_SUPPLY and figures(row, *_GAPS)[1] > 0
    ]
    if not told:
        return ""
    return (f"Even if no other council used them, the registered places in the area would be too "
            f"few for {listed(told)}.")


def _gaps(brief: Brief) -> list[Row]:
    """The gaps of no change at the last year end that the summary tells."""
    rows = brief.ahead("sufficiency_gap", "year_ending")
    last = str(rows[-1]["year_ending"]) if rows else ""
    return [row for row in brief.rows("sufficiency_gap", scenario=NO_CHANGE,
                                   year_ending=last)
            if figures(row, "supply_places", *_SPREAD, *_GAPS)]


def _kind(brief: Brief, row: Row) -> str:
    group = row["placement_group"]
    return brief.words.code("placement_group", group) or str(group).replace("_", " ")


def _places(row: Row) -> str:
    return counted(figures(row, "supply_places")[0], "place", "places")


#: How a target stands, in words.
_STANDINGS = {
    "met": "met", "on_course": "on course", "behind": "behind", "missed": "missed",
    "baseline_refused": "no progress given, as its baseline counts something else",
}


#: Where a baseline is on the target's own definition.
_COMPARED = ("met", "on_course", "behind", "missed")

#: Where the chance of a target is from, in words.
_CHANCES = {"forecast": "of simulated futures", "past_changes": "of cases, judged by past changes"}


def places_not_known(brief: Brief) -> str:
    """That need cannot be set against places, where a forecast is and no place is known."""
    if not brief.rows("forecast_by_year") or brief.rows("sufficiency_gap"):
        return ""
    return ("How many places there are was not given, so how many may be short is not known: the "
            "appendix says which data would tell.")


def targets(brief: Brief) -> str:
    """Each target, a line each: its measure now, its baseline, its chance and how it stands."""
    rows = brief.rows("target_progress")
    told = [_target(brief, row) for row in rows[:_TOLD]]
    more = len(rows) - len(told)
    if more > 0:
        told.append(f"The appendix has {counted(more, 'more target', 'more targets')}.")
    return "\n".join(told)


def _target(brief: Brief, row: Row) -> str:
    rule = rule_words(brief, row.get("rule"))
    label = f"Target: {mid_sentence(str(row['label']))}" + (f" ({rule})" if rule else "")
    # The reasons speak to the analyst; the summary says where they stand.
    told = [_STANDINGS.get(str(row.get("standing")), "not measured, the appendix says why")]
    if figures(row, "value"):
        parts = figures(row, "numerator", "denominator") if row.get("unit") == "%" else ()
        base = f" ({count(parts[0])} of {count(parts[1])})" if parts else ""
        told.append(f"{_figure(row, 'value')} now{base}")
    is_compared = row.get("standing") in _COMPARED and isinstance(row.get("baseline_date"), str)
    if is_compared and figures(row, "baseline"):
        told.append(f"{_figure(row, 'baseline')} on {day_words(row['baseline_date'])}")
    chance, basis = figures(row, "chance_met_pct"), _CHANCES.get(str(row.get("chance_basis")))
    if chance and basis:
        told.append(f"met by {day_words(row['target_date'])} in {share(*chance)} {basis}")
    return f"{label}: {', '.join(told)}."


def _figure(row: Row, column: str) -> str:
    return figure_words({"value": row[column], "unit": row.get("unit")})


def first_priorities(brief: Brief) -> str:
    """The gaps that touch most children on the date, with their number and base."""
    ranked = [row for row in brief.rows("priorities", basis=ON_THE_DATE)
              if figures(row, "rank", "children_affected")]
    ranked.sort(key=lambda row: figures(row, "rank"))
    told = [_priority(brief, row) for row in ranked if figures(row, "rank")[0] <= _TOLD]
    if not told:
        return ""
    return (
        f"Of the gaps whose number can be shown, these touch most children: {'; '.join(told)}. A "
        f"child may be in several, so they are not added up."
    )


def _priority(brief: Brief, row: Row) -> str:
    what, rule = mid_sentence(str(row["what"])), rule_words(brief, row.get("rule"))
    # Where the gap's own words say the distance, the rule would say it twice.
    said = f" ({rule})" if rule and "miles" not in what else ""
    of = figures(row, "of_children")
    base = f" of {count(*of)}" if of else ""
    return f"{what}{said}, {count(*figures(row, 'children_affected'))}{base}"


def what_follows(brief: Brief) -> str:
    """What the first priority suggests for commissioning."""
    first = [row for row in brief.rows("priorities", basis=ON_THE_DATE)
             if figures(row, "rank", "children_affected") and figures(row, "rank") == (1,)]
    suggested = list(dict.fromkeys(closed(row.get("suggests")) for row in first))
    return f"For the first of these: {mid_sentence(' '.join(suggested))}" if any(suggested) else ""


def evidence(brief: Brief) -> str:
    """How many questions of the duty the figures answer, in part, or not at all."""
    frame = brief.shown.get("duties")
    if frame is None or not len(frame):
        return ""
    asked, answered, in_part, none = coverage(frame)[
        ["clauses", "answered", "answered_in_part", "not_evidenced"]].sum()
    return (
        f"Of {counted(asked, 'question', 'questions')} that the law, the statutory guidance and "
        f"the Local Government Association ask, the appendix's figures answer {count(answered)} "
        f"in full, {count(in_part)} in part and {count(none)} not at all; it says what data would."
    )


def nobody_is_moved(brief: Brief) -> str:
    """That need is met for children who come next: said wherever a gap or a target is."""
    told = any(brief.rows(table)
               for table in ("sufficiency_gap", "target_progress", "priorities"))
    return (
        "These figures are for recruiting carers and opening homes for children who come next; "
        "none is a reason to move a child who is settled."
    ) if told else ""


NEEDS: tuple[Sentence, ...] = (
    short_of_places, enough_places, short_in_the_area, places_not_known, targets,
    first_priorities, what_follows, evidence, nobody_is_moved,
)
