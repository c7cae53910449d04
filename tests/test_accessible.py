"""Every page in a real browser: axe-core, the keyboard, narrow and enlarged, without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
from playwright.sync_api import Browser, Page

#: An appendix is thousands of elements, and those of the sample are of one make: two are proofs.
PAGES = (
    "index.html",
    "herefordshire/appendix.html",
    pytest.param("nottingham/appendix.html", marks=pytest.mark.slow),
    pytest.param("brighton-and-hove/appendix.html", marks=pytest.mark.slow),
)
#: The short pages, which have no table.
SHORT = ("herefordshire/summary.html", "nottingham/for-families.html")
APPENDIX = "herefordshire/appendix.html"

#: What a browser may be set to; each must keep its contrast.
SETTINGS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}

CONTRAST = ("color-contrast",)

#: A screen of 320 px; 1280 px at 200%; a laptop.
WIDTHS = (320, 640, 1280)

#: Each element's place in the page, told once: to look for it at every Tab takes minutes.
NUMBERED = """() => {
  window.places = new Map([...document.querySelectorAll('*')].map((each, at) => [each, at]));
}"""
RINGED = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  return {
    at: window.places?.get(here),
    what: here.cloneNode().outerHTML,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0
      && box.top < innerHeight && box.left < innerWidth,
  };
}"""  # noqa: E501


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.launched() as running:
        yield running


@pytest.fixture(scope="module", params=PAGES)
def path(request, outputs_dir) -> Path:
    return outputs_dir / request.param


@pytest.fixture(scope="module")
def unfolded(chromium, path) -> Iterator[Page]:
    """A page with all that it folds away, opened once for the tests that only look."""
    with browser.opened(chromium, path) as page:
        browser.open_details(page)
        yield page


@pytest.fixture
def page(unfolded) -> Page:
    unfolded.set_viewport_size({"width": 1280, "height": 900})
    unfolded.emulate_media(**SETTINGS["light"])
    return unfolded


@pytest.fixture
def appendix(chromium, outputs_dir) -> Iterator[Page]:
    with browser.opened(chromium, outputs_dir / APPENDIX) as page:
        yield page


# --- axe-core --------------------------------------------------------------------------------


#: Marks what looks like something before it, to the letters, the colours and all grounds behind:
#: to measure the contrast of everything takes minutes. Returns how many looks there are.
ALIKE = """() => {
  const looks = new Set(), grounds = new Map();
  const look = (each) => {
    const style = getComputedStyle(each), behind = grounds.get(each.parentElement) ?? '';
    const ground = [style.backgroundColor, style.backgroundImage, style.opacity].join();
    grounds.set(each, behind.endsWith(ground) ? behind : behind + ';' + ground);
    return [grounds.get(each), style.color, style.fontSize, style.fontWeight, style.position,
      style.textShadow].join('|');
  };
  const marked = (each) => {
    const mine = look(each), isNew = !looks.has(mine);
    looks.add(mine);
    const below = [...each.children].filter(child => !marked(child)).length;
    each.toggleAttribute('data-alike', !isNew && !below);
    return !isNew && !below;
  };
  marked(document.body);
  return looks.size;
}"""


def contrast(page: Page, setting: str) -> list[str]:
    """What axe-core says of the contrast of everything that looks like nothing before it."""
    page.emulate_media(**SETTINGS[setting])
    assert page.evaluate(ALIKE) > 5
    hidden = page.add_style_tag(content="[data-alike] { display: none !important }")
    found = browser.violations(page, only=CONTRAST)
    hidden.evaluate("each => each.remove()")
    return found


def test_axe_finds_nothing_wrong_with_a_page(page):
    assert browser.violations(page, but=CONTRAST) == []


@pytest.mark.parametrize("setting", SETTINGS)
def test_axe_finds_enough_contrast_in_any_colours(page, setting):
    assert contrast(page, setting) == []


@pytest.mark.parametrize("name", SHORT)
def test_axe_finds_nothing_wrong_with_a_short_page_in_any_colours(chromium, outputs_dir, name):
    with browser.opened(chromium, outputs_dir / name) as page:
        assert browser.violations(page, but=CONTRAST) == []
        assert [line for setting in SETTINGS for line in contrast(page, setting)] == []


@pytest.mark.slow
def test_axe_finds_enough_contrast_in_every_row_of_an_appendix(appendix):
    browser.open_details(appendix)
    assert browser.violations(appendix, only=CONTRAST) == []


def test_a_look_of_too_little_contrast_is_found_wherever_it_is(appendix):
    """Though all around it is alike, and was marked before."""
    browser.open_details(appendix)
    assert appendix.evaluate(ALIKE) > 5
    appendix.evaluate(
        "[...document.querySelectorAll('tbody tr:last-child td')].at(-1).style.color = '#ddd'"
    )
    (found,) = contrast(appendix, "light")
    assert found.startswith("color-contrast: <td")


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
def test_nothing_is_lost_on_a_narrow_screen_or_at_200_per_cent(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    across = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth, innerWidth]"
    )
    assert across[0] <= across[1] <= across[2] == width
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
@pytest.mark.parametrize("name", ("index.html", APPENDIX), ids=("index", "appendix"))
def test_tab_reaches_everything_in_order_and_shows_where_it_is(chromium, outputs_dir, name, width):
    with browser.opened(chromium, outputs_dir / name, width, reduced_motion="reduce") as page:
        page.evaluate(NUMBERED)
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
    with browser.opened(chromium, outputs_dir / APPENDIX, color_scheme="dark") as page:
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
