"""The index of a run."""

from __future__ import annotations

from datetime import date

from sufficiency_lib.publish.index import IndexEntry, build_index

HEADLINE = [
    {"metric": "children_looked_after", "label": "Children looked after", "value": 326,
     "unit": "children", "rule": ""},
    {"metric": "within_rule_pct", "label": "Placed locally", "value": "c", "unit": "%",
     "rule": "in_area"},
]


def entries() -> list[IndexEntry]:
    return [
        IndexEntry("herefordshire", "Herefordshire", "done", date(2025, 3, 31), headline=HEADLINE),
        IndexEntry("nottingham", "Nottingham", "up_to_date", "2025-03-31", headline=HEADLINE[:1]),
        IndexEntry("brighton-and-hove", "Brighton & <Hove>", "failed", message="Row 3 & column B.",
                   has_page=True),
    ]


def test_every_authority_stands_with_its_status_figures_and_link():
    html = build_index(entries())
    assert 'href="herefordshire/appendix.html"' in html
    assert "Up to date" in html and "31 March 2025" in html
    assert '<td class="n">326</td>' in html
    assert '<td class="n">c<span class="small">Inside the authority&#39;s area</span></td>' in html
    assert html.count("<h1") == 1 and "nan" not in html.lower()


def test_a_failure_is_named_with_its_reason_and_its_last_good_page():
    html = build_index(entries())
    assert "1 of them failed" in html
    assert "<strong>Brighton &amp; &lt;Hove&gt;</strong>: Row 3 &amp; column B." in html
    assert 'href="brighton-and-hove/appendix.html"' in html
    without = build_index([IndexEntry("x", "X", "failed", message="No.")])
    assert "x/appendix.html" not in without


def test_nothing_is_fetched_and_bytes_repeat():
    html = build_index(entries(), synthetic=True, internal=True)
    assert "http" not in html.replace("http-equiv", "") and "<script" not in html
    assert "NOT FOR PUBLICATION" in html and "Synthetic data" in html
    assert html == build_index(entries(), synthetic=True, internal=True)
