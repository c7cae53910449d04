"""Tables of placements as they are shown: in detail, by whose provision it is, and drawn."""

from __future__ import annotations

import pandas as pd
import publishing
import pytest
from histories import many, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes import PLACEMENT_GROUPS, PROVIDERS
from sufficiency_lib.metrics.pairs import SECTORS
from sufficiency_lib.metrics.provision import placement_mix, placements_by_sector
from sufficiency_lib.publish.attack import feasible
from sufficiency_lib.publish.linked import Edition, Part, all_counted
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
def test_no_small_cell_can_be_worked_out_from_the_printed_sums(counts) -> None:
    """Both tables as an edition hides them together, against linear programming."""
    episodes, settings = of(counts), publishing.profile().disclosure
    edition = Edition.of(all_counted(
        Part(kind, SPECS[kind], made(episodes, [DAY]), DAY)
        for kind, made in (("placements_by_sector", placements_by_sector),
                           ("placement_mix", placement_mix))
    ), settings)
    ranges = feasible(edition.values, edition.sums, edition.decide())
    for number in edition.small & ranges.keys():
        low, high = ranges[number]
        assert high - low >= settings.threshold - 1e-6, (edition.cells[number], low, high)


def test_an_internal_page_hides_nothing() -> None:
    episodes = of({("secure", "other_la"): 2, ("fostering", "own"): 30})
    page = publishing.page("internal")
    shown = page.disclose("placement_mix", placement_mix(episodes, [DAY]))
    assert shown["children"].tolist() == [30, 2]


@pytest.mark.parametrize("name", ["placements_by_sector", "bed_nights_by_month",
                                  "placement_change_by_cohort", "bed_nights_by_cohort"])
def test_a_chart_says_its_finding_or_nothing(name: str) -> None:
    from sufficiency_lib.metrics import bed_nights, provision
    from sufficiency_lib.publish.charts import CHARTS
    from sufficiency_lib.publish.drawing import ChartContext

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
