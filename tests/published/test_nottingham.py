"""Nottingham's placements, 31 March 2014 to 31 March 2016, as printed and as they are.

Source: Nottingham City Council, *A Strategic Approach to the Commissioning of Children in
Care Placements 2016-2018*, Appendix One. Its percentages divide the change by the END; a
change is a percentage of the START. Its "Other" prints 73 to 61, but its parts, and the total,
say 65 to 49.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pandas as pd
import pytest
from histories import many

from sufficiency_lib.metrics.provision import (
    change,
    fostering_split,
    placement_change,
    placement_change_by_group,
)
from sufficiency_lib.metrics.stock import percentage

START, END = "2014-03-31", "2016-03-31"


class Row(NamedTuple):
    """One line of the printed table, the right percentage, and our codes for it."""

    label: str
    start: int
    end: int
    printed_change: int
    printed_pct: str
    pct: float
    group: str = ""
    provider: str = ""


LINES = (
    Row("Internal fostering", 209, 194, -15, "-7.7", -7.2, "fostering", "own"),
    Row("External fostering", 205, 262, 57, "21.8", 27.8, "fostering", "private"),
    Row("Internal residential", 14, 15, 1, "6.7", 7.1, "childrens_home", "own"),
    Row("External residential", 52, 52, 0, "0.0", 0.0, "childrens_home", "private"),
    Row("Internal independent living", 8, 12, 4, "33.3", 50.0, "supported_accommodation", "own"),
    Row("External independent living", 27, 14, -13, "-92.9", -48.1,
        "supported_accommodation", "private"),
)
OTHER_PARTS = (
    Row("Parent and child", 3, 2, -1, "-50.0", -33.3, "other_residential", "private"),
    Row("Secure", 6, 6, 0, "0.0", 0.0, "secure", "other_la"),
    Row("Health", 3, 1, -2, "-200.0", -66.7, "other_residential", "other_public"),
    Row("Placed for adoption", 47, 39, -8, "-20.5", -17.0, "adoption", "own"),
    Row("Person with parental responsibility", 5, 1, -4, "-400.0", -80.0, "parents", "parents"),
)
#: Nobody at the end, so the printed -100% cannot be of the end: it is -1 of the start.
OTHER_PLACEMENT = Row("Other placement", 1, 0, -1, "-100", -100.0, "other", "not_recorded")
OTHER = Row("Other (made up from the below)", 73, 61, -12, "-19.7", -16.4)
TOTAL = Row("Total", 580, 598, 18, "3.0", 3.1)

PARTS = (*LINES, *OTHER_PARTS, OTHER_PLACEMENT)
DIVIDED_BY_END = (*LINES, *OTHER_PARTS, OTHER, TOTAL)


def by_label(row: Row) -> str:
    return row.label


def half_up(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def history() -> pd.DataFrame:
    """Those children: some stay, and the rest leave or come on 1 April 2015."""
    counts = []
    for row in PARTS:
        pair = {"placement_group": row.group, "provider": row.provider, "decom": "2013-06-01"}
        stay = min(row.start, row.end)
        counts += [
            (stay, pair),
            (row.start - stay, pair | {"dec": "2015-04-01"}),
            (row.end - stay, pair | {"decom": "2015-04-01"}),
        ]
    return many(counts)


@pytest.mark.parametrize("row", [*PARTS, OTHER, TOTAL], ids=by_label)
def test_change_is_a_percentage_of_the_start(row: Row) -> None:
    got = change([row.start], [row.end]).iloc[0]
    assert got["change"] == row.printed_change
    assert got["change_pct"] == row.pct
    assert Decimal(str(row.pct)) == half_up(row.printed_change, row.start)


@pytest.mark.parametrize("row", DIVIDED_BY_END, ids=by_label)
def test_each_printed_percentage_is_of_the_end(row: Row) -> None:
    assert Decimal(row.printed_pct) == half_up(row.printed_change, row.end)
    assert float(percentage(row.printed_change, row.end)) == float(row.printed_pct)


def test_where_the_printed_percentages_differ() -> None:
    differ = {row.label for row in (*PARTS, OTHER, TOTAL) if float(row.printed_pct) != row.pct}
    same = {"External residential", "Secure", "Other placement"}
    assert differ == {row.label for row in (*PARTS, OTHER, TOTAL)} - same


def test_the_same_from_a_history_of_those_children() -> None:
    got = placement_change(history(), START, END).set_index(["placement_group", "provider"])
    assert len(got) == len(PARTS)
    for row in PARTS:
        line = got.loc[(row.group, row.provider)]
        assert (line["start_children"], line["end_children"]) == (row.start, row.end), row.label
        assert (line["change"], line["change_pct"]) == (row.printed_change, row.pct), row.label


def test_the_parts_make_the_total_but_not_the_printed_other() -> None:
    others = (*OTHER_PARTS, OTHER_PLACEMENT)
    assert (sum(row.start for row in others), sum(row.end for row in others)) == (65, 49)
    assert (OTHER.start, OTHER.end) == (73, 61)
    # With the printed "Other" the total would be 588 and 610; it is that of the parts.
    starts, ends = (sum(getattr(row, end) for row in LINES) for end in ("start", "end"))
    assert (starts + 73, ends + 61) == (588, 610)
    assert (starts + 65, ends + 49) == (TOTAL.start, TOTAL.end)
    everyone = placement_change_by_group(history(), START, END).iloc[-1]
    assert everyone["placement_group"] == "all"
    assert (everyone["start_children"], everyone["end_children"]) == (580, 598)
    assert everyone["change_pct"] == TOTAL.pct


def test_43_per_cent_of_fostered_children_are_in_house() -> None:
    """Paragraph 6.3: 194 of 456."""
    got = fostering_split(history(), [END]).set_index("basis").loc["children"]
    assert (got["in_house"], got["ifa"]) == (194, 262)
    assert float(percentage(194, 456, 0)) == 43.0
    assert got["in_house_pct"] == 42.5
