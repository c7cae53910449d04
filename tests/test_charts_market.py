"""The charts of the market: titles and text from what is shown, at both widths."""

from __future__ import annotations

import pandas as pd
import publishing
import pytest
from test_carers import DAY, households
from test_market import register
from test_referrals import sought

from sufficiency_lib.metrics.carers import fostering_households
from sufficiency_lib.metrics.market import supply_by_type
from sufficiency_lib.metrics.referrals import searches_by_type
from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes


def drawn(name: str, frame: pd.DataFrame, width: int = WIDE_PX) -> Drawing:
    shown = publishing.page().disclose(name, frame)
    return CHARTS[name](shown, ChartContext("Herefordshire", publishing.AS_AT, width_px=width))


FULL = {"places": 9, "vacancies": 1}


@pytest.mark.parametrize("width", [NARROW_PX, WIDE_PX])
def test_occupancy_names_the_fullest_kind_and_hides_what_is_hidden(width: int) -> None:
    rows = register(*[FULL] * 3, *[{**FULL, "vacancies": 0, "provision_type": "secure"}] * 2)
    chart = drawn("supply_by_type", supply_by_type(rows, DAY), width)
    assert chart.title == "Children's home: 88.9% of places are filled"
    assert chart.alt.endswith("Children's home 88.9%; Secure children's home suppressed.")
    assert svg_bytes(chart.figure).startswith(b"<svg")


def test_occupancy_of_ofsteds_list_is_not_available() -> None:
    chart = drawn("supply_by_type", supply_by_type(register({"vacancies": None}), DAY))
    assert chart.title == "Occupancy of registered places"
    assert "not available" in chart.alt


@pytest.mark.parametrize("width", [NARROW_PX, WIDE_PX])
def test_joiners_and_leavers_of_the_last_year_are_the_title(width: int) -> None:
    rows = households({"approved_date": "2024-05-01"}, {"left_date": "2024-05-01"},
                      {"left_date": "2023-05-01"}, {"carer_type": "kinship"})
    chart = drawn("fostering_households", fostering_households(rows, ["2024-03-31", DAY]), width)
    assert chart.title == (
        "1 fostering household joined and 1 left in the year to 31 March 2025")
    assert "Left: 31 March 2024, 1; 31 March 2025, 1" in chart.alt


def test_time_to_place_puts_the_slowest_first_and_never_tells_a_hidden_one() -> None:
    slow = {"placement_group_sought": "childrens_home", "placed_date": "2024-05-15"}
    rows = sought(*[{}] * 8, *[slow] * 7)
    chart = drawn("searches_by_type", searches_by_type(rows, [DAY]))
    assert chart.title == "Half of searches for children's homes took 14 days or more"
    assert chart.alt.endswith(
        "Children's homes 14; Fostering 3.")
    hidden = drawn("searches_by_type", searches_by_type(sought({}), [DAY]))
    assert hidden.title == "Days from referral to placement"
    assert hidden.alt.endswith("Fostering suppressed.")
