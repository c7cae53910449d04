"""The index of a run: side by side, sortable, and never comparing what cannot be compared."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import date
from hashlib import sha256

import pytest
from browser import launched, opened, violations
from test_headline import EIGHT, figures

from sufficiency_lib.publish.index import MEASURES, IndexEntry, build_index

RELEASE = "England, 31 March 2025; DfE, 2025 release"


def headline(children, local, rule, moved=10.0, comparator=10, release=RELEASE) -> list[dict]:
    return [
        {"metric": "children_looked_after", "label": "Children", "value": children,
         "unit": "children", "rule": "", "comparator": "x", "comparator_release": ""},
        {"metric": "within_rule_pct", "label": "Placed locally", "value": local, "unit": "%",
         "rule": rule, "comparator": "x", "comparator_release": ""},
        {"metric": "three_or_more_placements_pct", "label": "Moved", "value": moved, "unit": "%",
         "rule": "", "comparator": comparator, "comparator_release": release},
        {"metric": "in_house_children_pct", "label": "Not shown here", "value": 1.0, "unit": "%"},
    ]  # fmt: skip


def entries() -> list[IndexEntry]:
    return [
        IndexEntry("brighton-and-hove", "Brighton & <Hove>", "failed", date(2025, 3, 31),
                   message="Row 3 & column B.", has_page=True,
                   headline=headline(1040, 70.0, "in_area")),
        IndexEntry("herefordshire", "Herefordshire", "done", date(2025, 3, 31),
                   headline=headline(326, 84.0, "home_20_miles", 9.1)),
        IndexEntry("kent", "Kent", "failed", message="No."),
        IndexEntry("nottingham", "Nottingham", "up_to_date", "2025-03-31",
                   headline=headline(598, "c", "home_20_miles", 11.0)),
        IndexEntry("york", "York", "done", "2025-03-31",
                   headline=headline(99, 90.0, "home_20_miles", "c")),
    ]  # fmt: skip


def test_every_authority_stands_with_its_status_figures_and_links():
    html = build_index(entries())
    assert 'href="herefordshire/appendix.html"' in html
    assert 'href="herefordshire/tables.xlsx"' in html and 'href="summary.csv"' in html
    assert "Up to date" in html and "31 March 2025" in html
    assert '<td class="n" data-sort="326">326</td>' in html
    assert "Not shown here" not in html
    assert html.count("<h1") == 1 and not re.search(r"\bnan\b|None", html)


def test_a_local_rate_stands_with_its_rule_and_different_rules_are_told():
    html = build_index(entries())
    rule = "Inside the authority&#39;s area"
    assert f'data-rule="{rule}">70.0%<span class="small">{rule}</span>' in html
    assert "Not all these authorities mean the same by" in html
    assert "under each authority’s own rule</span>" in html
    alike = build_index([one for one in entries() if one.slug != "brighton-and-hove"])
    assert "Not all these authorities" not in alike
    assert "Within 20 miles of the child&#39;s home</span>" in alike


def test_england_stands_at_the_foot_as_published_and_once():
    html = build_index(entries())
    foot = html[html.index("<tfoot>"):html.index("</tfoot>")]
    assert "England<span class=\"small\">as published: 31 March 2025; DfE, 2025 release" in foot
    assert re.findall(r'<td class="n">([^<]*)', foot) == ["x", "z", "10.0%"]
    other = IndexEntry("x", "X", "done", headline=headline(
        1, 1.0, "in_area", comparator=11, release="England, 31 March 2024; DfE, 2024 release"))
    both = build_index([*entries(), other])
    assert '11.0%<span class="small">31 March 2024; DfE, 2024 release</span>' in both
    assert "<tfoot>" not in build_index([IndexEntry("x", "X", "failed", message="No.")])


def test_a_failure_is_named_with_its_reason_and_its_last_good_page():
    html = build_index(entries())
    assert "2 of them failed" in html
    assert "<strong>Brighton &amp; &lt;Hove&gt;</strong>: Row 3 &amp; column B." in html
    assert 'href="brighton-and-hove/appendix.html"' in html
    assert "figures of an earlier run" in html
    assert "kent/appendix.html" not in html and "kent/tables.xlsx" not in html


def test_one_script_may_run_and_nothing_is_fetched():
    html = build_index(entries(), synthetic=True, internal=True)
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    name = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{name}';" in html and "default-src 'none'" in html
    assert "http" not in html.replace("http-equiv", "")
    assert not re.search(r"\son\w+=|javascript:", html.replace(script, ""))
    assert "NOT FOR PUBLICATION" in html and "Synthetic data" in html
    assert html == build_index(entries(), synthetic=True, internal=True)


def test_the_measures_set_side_by_side_are_headline_measures():
    assert 5 <= len(MEASURES) <= 8
    assert {measure.metric for measure in MEASURES} <= set(figures(EIGHT).index)


# --- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("index") / "index.html"
    path.write_text(build_index(entries()), encoding="utf-8")
    with launched() as browser, opened(browser, path, width=320) as page:
        yield page


def names(page) -> list[str]:
    return [text.split("\n")[0].split()[0] for text in page.locator("tbody th").all_inner_texts()]


def choose(page, heading: str):
    button = page.locator("thead button", has_text=re.compile(f"^{heading}"))
    head = button.locator("xpath=..")
    button.focus()
    page.keyboard.press("Enter")
    return head.get_attribute("aria-sort")


def test_the_table_sorts_by_keyboard_and_what_has_no_figure_comes_last(page):
    assert choose(page, "Children looked after") == "ascending"
    assert names(page) == ["York", "Herefordshire", "Nottingham", "Brighton", "Kent"]
    assert choose(page, "Children looked after") == "descending"
    assert names(page) == ["Brighton", "Nottingham", "Herefordshire", "York", "Kent"]
    choose(page, "Three or more")
    assert names(page) == ["Herefordshire", "Brighton", "Nottingham", "Kent", "York"]
    assert page.locator("[aria-sort]").count() == 1
    assert choose(page, "Authority") == "ascending"
    assert names(page) == ["Brighton", "Herefordshire", "Kent", "Nottingham", "York"]


def test_a_sorted_table_is_still_accessible(page):
    choose(page, "Three or more")
    assert violations(page) == []


def test_rates_under_different_rules_are_never_ranked_together(page):
    choose(page, "Placed locally")
    assert names(page) == ["Brighton", "Herefordshire", "York", "Kent", "Nottingham"]
    choose(page, "Placed locally")
    assert names(page) == ["Brighton", "York", "Herefordshire", "Kent", "Nottingham"]


def test_a_phone_scrolls_the_table_and_not_the_page(page):
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    inside = page.evaluate("document.querySelector('.table-scroll').scrollWidth")
    assert inside > 320


def test_without_scripts_it_is_a_plain_table_in_order_of_name(page, tmp_path):
    path = tmp_path / "index.html"
    path.write_text(build_index(entries()), encoding="utf-8")
    with opened(page.context.browser, path, java_script_enabled=False) as plain:
        assert names(plain) == ["Brighton", "Herefordshire", "Kent", "Nottingham", "York"]
        assert plain.locator("button").count() == 0
        assert not plain.get_by_text("To sort the table").is_visible()
