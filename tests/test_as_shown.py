"""A detailed table hides what the table of its sums hides, and gives nothing else away."""

from __future__ import annotations

import pandas as pd
import publishing
import pytest
from histories import many, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes import PLACEMENT_GROUPS, PROVIDERS
from sufficiency_lib.metrics.new_placements import new_placements, new_placements_by_sector
from sufficiency_lib.metrics.pairs import SECTORS
from sufficiency_lib.metrics.provision import (
    placement_change,
    placement_mix,
    placements_by_sector,
)
from sufficiency_lib.publish.as_shown import as_shown
from sufficiency_lib.publish.attack import feasible
from sufficiency_lib.publish.plan import Part, _Edition
from sufficiency_lib.publish.specs import SPECS

DAY = "2025-03-31"

_counts = st.dictionaries(
    st.tuples(st.sampled_from(PLACEMENT_GROUPS[:6]), st.sampled_from(PROVIDERS[1:6])),
    st.integers(1, 20), max_size=8,
)


def of(counts) -> pd.DataFrame:
    return many((n, {"placement_group": g, "provider": p}) for (g, p), n in counts.items())


@given(_counts)
@quickly
def test_no_hidden_sum_is_printed_by_its_parts(counts) -> None:
    episodes, page = of(counts), publishing.page()
    sums = page.disclose("placements_by_sector", placements_by_sector(episodes, [DAY]))
    mix = page.disclose("placement_mix", as_shown(placement_mix(episodes, [DAY]), sums))
    hidden = {(row["cohort"], sector) for row in sums.to_dict("records") for sector in SECTORS
              if row[sector] == "c"}
    for row in mix.to_dict("records"):
        sector = next(s for s, who in SECTORS.items() if row["provider"] in who)
        assert row["children"] == "c" or (row["cohort"], sector) not in hidden
        assert row["share_pct"] == "c" or row["children"] != "c"


@given(_counts)
@quickly
def test_no_small_cell_can_be_worked_out_from_the_printed_sums(counts) -> None:
    """Both tables as an edition hides them together, against linear programming."""
    episodes, settings = of(counts), publishing.profile().disclosure
    edition = _Edition(settings)
    for kind, made in (("placements_by_sector", placements_by_sector),
                       ("placement_mix", placement_mix)):
        edition.add(Part(kind, SPECS[kind], made(episodes, [DAY]), DAY))
    edition.add_sums_between()
    ranges = feasible(edition.values, edition.sums, edition.decide())
    for number in edition.hidden & ranges.keys():
        low, high = ranges[number]
        assert high - low >= settings.threshold - 1e-6, (edition.cells[number], low, high)


def test_every_kind_of_detail_is_marked() -> None:
    episodes = of({("secure", "other_la"): 2, ("fostering", "own"): 30,
                   ("childrens_home", "private"): 9})
    page = publishing.page()
    sums = page.disclose("placements_by_sector", placements_by_sector(episodes, [DAY]))
    assert sums.set_index("cohort")["children"].to_dict() == {
        "fostering_in_house": 30, "childrens_home": "c", "secure": "c", "total": 41}
    for table, frame in {
        "placement_mix": placement_mix(episodes, [DAY]),
        "placement_change": placement_change(episodes, DAY, DAY),
    }.items():
        shown = page.disclose(table, as_shown(frame, sums)).set_index("placement_group")
        count = "children" if table == "placement_mix" else "end_children"
        assert shown[count].to_dict() == {"fostering": 30, "childrens_home": "c", "secure": "c"}
    made = page.disclose("new_placements_by_sector", new_placements_by_sector(episodes, [DAY]))
    starts = page.disclose("new_placements", as_shown(new_placements(episodes, [DAY]), made))
    assert starts["starts"].tolist() == [30, "c", "c"]


def test_an_internal_page_hides_nothing() -> None:
    episodes = of({("secure", "other_la"): 2, ("fostering", "own"): 30})
    page = publishing.page("internal")
    sums = page.disclose("placements_by_sector", placements_by_sector(episodes, [DAY]))
    shown = page.disclose("placement_mix", as_shown(placement_mix(episodes, [DAY]), sums))
    assert shown["children"].tolist() == [30, 2]


@pytest.mark.parametrize("name", ["placements_by_sector", "bed_nights_by_month",
                                  "placement_change_by_cohort", "bed_nights_by_cohort"])
def test_a_chart_says_its_finding_or_nothing(name: str) -> None:
    from sufficiency_lib.metrics import bed_nights, provision
    from sufficiency_lib.publish.charts import CHARTS, ChartContext

    episodes = of({("secure", "other_la"): 2, ("fostering", "own"): 30, ("parents", "own"): 0,
                   ("childrens_home", "private"): 9})
    frames = {
        "placements_by_sector": placements_by_sector(episodes, [DAY]),
        "placement_change_by_cohort": provision.placement_change_by_cohort(
            episodes, "2024-03-31", DAY),
        "bed_nights_by_cohort": bed_nights.bed_nights_by_cohort(episodes, [DAY]),
        "bed_nights_by_month": bed_nights.bed_nights_by_month(episodes, "2024-04-01", DAY),
    }
    page = publishing.page()
    context = ChartContext(name="Herefordshire", as_at=publishing.AS_AT, words=page.words)
    drawing = CHARTS[name](page.disclose(name, frames[name]), context)
    titles = {
        "placements_by_sector": "30 of 41 children were fostered in-house on 31 March 2025, "
                                "more than in any other placement",
        "bed_nights_by_month": "Children's homes: children on an average night, month by month",
    }
    assert drawing.title == titles.get(name, drawing.title)
    assert "suppressed" in drawing.alt and "nan" not in drawing.alt and drawing.alt.endswith(".")
    none = CHARTS[name](page.disclose(name, frames[name].assign(
        **{c: 1 for c in frames[name] if c in {*SECTORS, "children", "nights"}})), context)
    assert "1 of" not in none.title
