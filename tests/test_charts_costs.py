"""Charts and sentences of costs: of disclosed figures only, the same bytes every time."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import publishing
import pytest
from test_costs import paid_for

from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.metrics.cost_change import spend_change
from sufficiency_lib.metrics.costs import weekly_costs
from sufficiency_lib.publish import caveats_costs as said
from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes

ROWS = [
    *[{"placement_group": "fostering", "provider": "own", "week": 550}] * 40,
    *[{"placement_group": "fostering", "provider": "private", "week": 818}] * 20,
    *[{"placement_group": "childrens_home", "provider": "own", "week": 3_900}] * 8,
    *[{"placement_group": "childrens_home", "provider": "private", "week": 4_000}] * 10,
    *[{"placement_group": "secure", "provider": "other_la", "week": 7_000}] * 2,
    *[{"placement_group": "residential_school", "provider": "private", "week": 3_000}] * 5,
]


def frames(rows=ROWS) -> dict[str, pd.DataFrame]:
    episodes, ledger = paid_for([{"decom": "2023-11-01"} | row for row in rows])
    return {
        "weekly_costs": weekly_costs(episodes, ledger, ["2025-03-31"]),
        "spend_change": spend_change(episodes, ledger, "2024-03-31", "2025-03-31"),
    }


def draw(name: str, frame: pd.DataFrame, width: int = WIDE_PX) -> Drawing:
    page = publishing.page()
    context = ChartContext(name="Herefordshire", as_at=publishing.AS_AT, words=page.words,
                           width_px=width)
    return CHARTS[name](page.disclose(name, frame), context)


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_every_chart_repeats_to_the_byte(width: int) -> None:
    for name, frame in frames().items():
        first, second = (draw(name, frame, width) for _ in range(2))
        assert svg_bytes(first.figure) == svg_bytes(second.figure)
        assert first.title and first.alt.endswith(".") and "nan" not in first.alt + first.title


def test_a_week_is_told_in_the_title_and_a_few_are_hidden() -> None:
    drawn = draw("weekly_costs", frames()["weekly_costs"])
    assert drawn.title == (
        "A week of agency fostering cost £818 on average on 31 March 2025, and of in-house "
        "fostering £550"
    )
    assert "Children's homes, bought £4,000; Children's homes, own £3,900" in drawn.alt
    assert "7,000" not in drawn.alt and "3,000" not in drawn.alt
    assert "Secure children's homes suppressed" in drawn.alt


def test_a_change_says_its_largest_reason() -> None:
    drawn = draw("spend_change", frames()["spend_change"])
    # 152 nights of the first year and 365 of the last, at the same prices: all of it volume.
    assert drawn.title.endswith("most of all by the number of nights")
    assert "rose by £" in drawn.title and "Prices £0" in drawn.alt
    hidden = draw("spend_change", frames(ROWS[-3:])["spend_change"])
    assert hidden.title.startswith("Why spend on placements changed")
    assert "suppressed" in hidden.alt and "£" not in hidden.alt


@pytest.mark.parametrize(
    ("internal", "published", "shown"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_costs_are_the_councils_own_unless_its_profile_publishes_them(
    internal: bool, published: bool, shown: bool
) -> None:
    profile = SimpleNamespace(publish=SimpleNamespace(costs=published))
    assert said.may_show(SimpleNamespace(is_internal=internal, profile=profile)) is shown


def test_it_is_said_why_there_are_no_costs() -> None:
    unpriced = SimpleNamespace(unit_costs_gbp_per_week={})
    none = SimpleNamespace(ledger=empty_table("ledger"), profile=unpriced)
    some = SimpleNamespace(ledger=pd.DataFrame({"child_id": ["a"]}), profile=unpriced)
    assert said.why_absent(some, may_show=True) == ""
    for may_show in (True, False):
        assert said.why_absent(none, may_show=may_show).startswith("What placements cost is not")
    told = said.why_absent(some, may_show=False)
    assert "withheld" in told and "section 43" in told and "costs = true" in told
    assert "what moving agency fostering in-house would save" in told
