"""Every page in a real browser: axe-core, the keyboard, narrow and enlarged, without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
from playwright.sync_api import Browser, Page

PAGES = (
    "index.html",
    "herefordshire/appendix.html",
    "nottingham/appendix.html",
    "brighton-and-hove/appendix.html",
)
#: The short pages, which have no table.
SHORT = ("herefordshire/summary.html", "nottingham/for-families.html")

#: What a browser may be set to; each must keep its contrast.
SETTINGS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}

#: Rows that look like the two above them. To measure the contrast of each takes most of a minute,
#: so it is done on one appendix; every other rule sees every row of every page.
ROWS_ALIKE = "tbody > tr:nth-child(n+3)"
CONTRAST = ("color-contrast",)

#: A screen of 320 px; 1280 px at 200%; a laptop.
WIDTHS = (320, 640, 1280)

RINGED = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  return {
    at: [...document.querySelectorAll('*')].indexOf(here),
    what: here.outerHTML.slice(0, 120),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0
      && box.top < innerHeight && box.left < innerWidth,
  };
}"""  # noqa: E501


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.launched() as running:
        yield running


@pytest.fixture(params=PAGES)
def path(request, outputs_dir) -> Path:
    return outputs_dir / request.param


@pytest.fixture
def page(chromium, path) -> Iterator[Page]:
    with browser.opened(chromium, path) as page:
        browser.open_details(page)
        yield page


@pytest.fixture
def appendix(chromium, outputs_dir) -> Iterator[Page]:
    with browser.opened(chromium, outputs_dir / PAGES[1]) as page:
        yield page


# --- axe-core --------------------------------------------------------------------------------


def wrong_with(running: Browser, path: Path, setting: str) -> list[str]:
    with browser.opened(running, path, **SETTINGS[setting]) as page:
        browser.open_details(page)
        if setting != "light":
            return browser.violations(page, only=CONTRAST, without=[ROWS_ALIKE])
        whole = path.parent.name == "herefordshire"
        return browser.violations(page, but=CONTRAST) + browser.violations(
            page, only=CONTRAST, without=[] if whole else [ROWS_ALIKE]
        )


def test_axe_finds_nothing_wrong_with_any_page_in_any_colours(outputs_dir):
    tasks = [(outputs_dir / name, setting) for setting in SETTINGS for name in PAGES + SHORT]
    found = browser.side_by_side(wrong_with, tasks)
    wrong = [
        f"{path.parent.name}/{path.name} in {setting}: {line}"
        for (path, setting), lines in zip(tasks, found, strict=True)
        for line in lines
    ]
    assert not wrong, "\n".join(wrong)


def test_axe_is_recent_and_would_find_what_is_wrong(chromium, outputs_dir):
    with browser.opened(chromium, outputs_dir / "index.html") as page:
        page.evaluate("document.querySelector('main').innerHTML += '<img><h5>Low</h5>'")
        found = {line.partition(":")[0] for line in browser.violations(page)}
        assert found == {"image-alt", "heading-order"}
        version = page.evaluate("axe.version").split(".")
        assert (int(version[0]), int(version[1])) >= (4, 10)


# --- structure -------------------------------------------------------------------------------


def test_headings_are_in_order_under_one_h1(page):
    levels = page.eval_on_selector_all("h1,h2,h3,h4,h5,h6", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_there_is_one_of_each_landmark_and_nothing_stands_outside_them(page):
    for landmark in ("main", "body > header"):
        assert page.locator(landmark).count() == 1
    outside = page.evaluate(
        "[...document.body.children].filter(e => !e.matches("
        "'a.skip, header, main, footer, nav, script, [role=region], .layout')).length"
    )
    assert outside == 0
    assert page.evaluate("document.documentElement.lang") == "en-GB"


def test_every_picture_says_in_words_what_it_shows(page):
    for alt in page.eval_on_selector_all("img", "all => all.map(i => i.alt)"):
        assert len(alt) > 40 and "no description" not in alt.lower(), alt
        assert not alt.lower().startswith(("image", "picture", "figure"))


def test_every_table_has_a_caption_and_scoped_headers(page):
    tables = page.evaluate(
        """[...document.querySelectorAll('table')].map(t => ({
            caption: t.caption ? t.caption.innerText.trim() : '',
            heads: t.querySelectorAll('thead th').length,
            loose: [...t.querySelectorAll('th')].filter(
                h => !h.scope || !h.innerText.trim()).length,
            bare: [...t.querySelectorAll('tbody tr')].filter(
                r => r.cells.length > 1 && !r.querySelector('th')).length,
        }))"""
    )
    assert tables
    for table in tables:
        assert table["caption"] and table["heads"] and not table["loose"], table
        assert not table["bare"], table


# --- small screens and large letters ---------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_lost_on_a_narrow_screen_or_at_200_per_cent(chromium, path, width):
    with browser.opened(chromium, path, width) as page:
        browser.open_details(page)
        across = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert across[0] <= across[1]
        assert not page.evaluate(CUT_OFF)


#: Elements past the edge of the screen that no scrolling reaches, and words cut by their box.
CUT_OFF = """() => [...document.querySelectorAll('body *')].filter(e => {
  if (e.matches('.skip, .skip *') || !e.getClientRects().length) return false;
  const reached = e.closest('.table-scroll');
  if (reached) {
    return e === reached && e.scrollWidth > e.clientWidth && !(e.tabIndex === 0
      && getComputedStyle(e).overflowX === 'auto' && e.getAttribute('aria-labelledby'));
  }
  const style = getComputedStyle(e);
  const cut = ['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth;
  return cut || style.textOverflow === 'ellipsis' || e.getBoundingClientRect().right > innerWidth + 1;
}).map(e => e.outerHTML.slice(0, 160))"""  # noqa: E501


def test_words_set_wider_apart_are_not_lost(chromium, path):
    """WCAG 1.4.12: a reader's own spacing of lines, paragraphs, letters and words."""
    with browser.opened(chromium, path, 320) as page:
        page.add_style_tag(
            content="* { line-height: 1.5 !important; letter-spacing: .12em !important;"
            " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
        )
        assert not page.evaluate(CUT_OFF)


# --- the keyboard ----------------------------------------------------------------------------


def test_the_first_tab_shows_the_skip_link_and_enter_goes_to_the_content(chromium, path):
    with browser.opened(chromium, path) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        shown = page.evaluate(RINGED)
        assert shown["ring"] and shown["seen"]
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("width", (320, 1280))
@pytest.mark.parametrize("name", PAGES[:2], ids=("index", "appendix"))
def test_tab_reaches_everything_in_order_and_shows_where_it_is(chromium, outputs_dir, name, width):
    with browser.opened(chromium, outputs_dir / name, width, reduced_motion="reduce") as page:
        wanted = page.eval_on_selector_all(
            "a[href], button, summary, input, select, [tabindex='0']",
            "all => all.filter(e => e.checkVisibility()).length",
        )
        reached = []
        for _ in range(wanted):
            page.keyboard.press("Tab")
            reached.append(page.evaluate(RINGED))
        places = [each["at"] for each in reached]
        assert places == sorted(set(places)), "the order is not that of the page, or a trap"
        unseen = [each["what"] for each in reached if not (each["ring"] and each["seen"])]
        assert not unseen


def test_the_data_of_a_chart_unfolds_by_keyboard(appendix):
    details = appendix.locator("details.figure-data").first
    details.locator("summary").focus()
    assert not details.locator("table").is_visible()
    appendix.keyboard.press("Enter")
    assert details.locator("table").is_visible()
    appendix.keyboard.press("Space")
    assert not details.locator("table").is_visible()


# --- what a reader has chosen ----------------------------------------------------------------


def test_nothing_moves_for_a_reader_who_wants_less_motion(chromium, path):
    with browser.opened(chromium, path, reduced_motion="reduce") as page:
        moving = page.evaluate(
            """[...document.querySelectorAll('html, body, body *')].filter(e => {
                const s = getComputedStyle(e);
                return s.animationName !== 'none' || s.scrollBehavior !== 'auto'
                  || s.transitionDuration.split(',').some(d => parseFloat(d) > 0);
            }).length"""
        )
        assert moving == 0


def test_the_dark_setting_is_dark_and_charts_keep_a_white_ground(chromium, outputs_dir):
    with browser.opened(chromium, outputs_dir / PAGES[1], color_scheme="dark") as page:
        ground = "e => getComputedStyle(e).backgroundColor"
        assert page.eval_on_selector("html", ground) != "rgb(255, 255, 255)"
        assert page.eval_on_selector("figure picture", ground) == "rgb(255, 255, 255)"


def test_the_pages_work_without_script(chromium, path):
    words = "document.querySelector('main').innerText"
    with browser.opened(chromium, path, java_script_enabled=False) as page:
        assert page.locator("main table").count() and page.locator("h1").is_visible()
        assert not page.locator("button").count()
        without = page.locator("main").inner_text()
    with browser.opened(chromium, path) as page:
        # What script adds is a convenience: no figure or sentence waits for it.
        assert set(without.split()) <= set(page.evaluate(words).split())
