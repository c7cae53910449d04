"""Words on maps: none is cropped, none covers another, and all can be read."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
import shapely
from test_maps import HERE, NAMES, SOME, THERE, atlas, box, children, draw, said

from sufficiency_lib.metrics.areas import BAND_STARTS
from sufficiency_lib.publish.drawing import Drawing
from sufficiency_lib.publish.lettering import in_lines, text_width
from sufficiency_lib.publish.maps import Atlas
from sufficiency_lib.publish.maps_bands import look_of
from sufficiency_lib.publish.maps_coast import BESIDE, ENGLAND
from sufficiency_lib.publish.maps_drawing import (
    NEIGHBOUR,
    OUTLINE,
    OUTSIDE,
    OWN,
    RULE_LINE,
    SEA,
    legend_rows,
    scale_bar,
)
from sufficiency_lib.publish.maps_ground import Ground
from sufficiency_lib.publish.maps_view import View
from sufficiency_lib.publish.style import (
    FONT_PX,
    NARROW_PX,
    NAVY,
    WIDE_PX,
    house_style,
    new_figure,
    svg_bytes,
)

RULES = ("home_20_miles", "centre_20_miles", "boundary_20_miles", "in_area", "border_10_miles")


def boxes(drawing: Drawing) -> dict[str, shapely.Geometry]:
    """Each text of a map → the pixels that it takes."""
    found = {}
    svg = svg_bytes(drawing.figure).decode()
    texts = r'<text style="([^"]*)" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>'
    for style, x, y, words in re.findall(texts, svg):
        size = float(re.search(r"font-size: ([\d.]+)px", style)[1])
        wide = text_width(words, size)
        left = float(x) - (wide / 2 if "text-anchor: middle" in style else 0)
        found[f"{words} {len(found)}"] = shapely.box(
            left, float(y) - size * 0.7, left + wide, float(y))
    return found


def crowded() -> Atlas:
    """A small authority with twelve smaller ones close by."""
    ring = [(dx, dy) for dx in (-7, -2, 3, 8) for dy in (-6, 0, 6) if (dx, dy) != (-2, 0)]
    areas = {HERE: box(448, 298, 451, 301)}
    areas |= {f"E0900{number:04}": box(450 + dx, 300 + dy, 453 + dx, 303 + dy).difference(
        areas[HERE]) for number, (dx, dy) in enumerate(ring)}
    names = NAMES | {code: f"Neighbouring Place {number}" for number, code in enumerate(areas)
                     if code != HERE}
    ground = atlas(areas).ground
    return Atlas(Ground(ground.boundaries, HERE, names))


def crowd(maps: Atlas) -> dict[tuple[float, float, str], int]:
    return {(*(shapely.get_coordinates(area.centroid)[0] / 1000), code): 6 + number
            for number, (code, area) in enumerate(maps.ground.outlines.items())}


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
@pytest.mark.parametrize("rule", RULES)
def test_no_word_is_cropped(rule: str, width: int) -> None:
    for drawing in draw(atlas(rule=rule), children(SOME), width).values():
        wide, high = drawing.figure.get_size_inches() * 72
        frame = shapely.box(0, 0, wide, high)
        assert [words for words, taken in boxes(drawing).items() if not frame.covers(taken)] == []


def test_a_long_legend_is_broken_into_lines() -> None:
    long = "Not in the boundary file: Wales, Scotland and the Isle of Man, or other land or sea"
    rows = legend_rows(["6 to 10 children", long, "Sea"], NARROW_PX)
    assert [[item for item, _ in row] for row in rows] == [["6 to 10 children"], [long], ["Sea"]]
    (_, lines), = rows[1]
    assert len(lines) == 2 and " ".join(lines) == long
    assert max(text_width(line, FONT_PX) for line in lines) <= NARROW_PX - 32
    assert in_lines("Unbreakable", 5, 12) == ["Unbreakable"]


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_labels_of_a_crowd_cover_none_and_the_rest_are_in_the_words(width: int) -> None:
    import publishing

    from sufficiency_lib.metrics.places import placement_authorities
    from sufficiency_lib.publish.drawing import ChartContext

    maps = crowded()
    frame = placement_authorities(children(crowd(maps)), "2025-03-31", maps.ground.names, fewest=6)
    shown = publishing.page().disclose("placement_authorities", frame)
    drawing = maps.flows(shown, ChartContext("Herefordshire", publishing.AS_AT, width_px=width))
    found = boxes(drawing)
    assert len(found) > 8
    assert [(a, b) for a, b in combinations(found, 2) if found[a].intersects(found[b])] == []
    on_map = " ".join(found)
    for number in range(1, len(maps.ground.outlines)):
        name = f"Neighbouring Place {number}"
        assert name in drawing.alt
        assert (f"{name} " in on_map) != (f"{name} " in drawing.base)


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_no_letter_is_too_small(width: int) -> None:
    """Narrow figures are drawn at 340 px and shown at 280 on the narrowest page."""
    least = 12 if width == WIDE_PX else 14
    for drawing in draw(atlas(), children(SOME), width).values():
        sizes = re.findall(r"font-size: ([\d.]+)px", svg_bytes(drawing.figure).decode())
        assert min(map(float, sizes)) >= least


def test_a_free_corner_holds_the_scale() -> None:
    """The corners are tried in order: south west, south east, north west, north east."""
    view = View.on((0, 0, 100_000, 80_000), left=0, top=0, width=500, heights=(400, 400))
    west, south, north_west = (shapely.box(0, 300, 250, 400), shapely.box(250, 350, 500, 400),
                               shapely.box(0, 0, 200, 60))
    found = []
    for busy in ([], [west], [west, south], [west, south, north_west]):
        with house_style():
            bar = scale_bar(new_figure(500, 400).add_axes((0, 0, 1, 1)), view, busy, 12)
        assert not any(bar.intersects(one) for one in busy) and view.frame.covers(bar)
        found.append((bar.centroid.x > 250, bar.centroid.y < 200))
    assert found == [(False, False), (True, False), (False, True), (True, True)]


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours."""
    def light(colour: str) -> float:
        parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
                            for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_lines_stand_out_and_a_band_is_told_by_more_than_its_colour() -> None:
    for ground in (SEA, OUTSIDE, NEIGHBOUR, OWN):
        assert contrast(RULE_LINE["color"], ground) > 4.5
        assert contrast(OUTLINE["color"], ground) > 4.5
        assert contrast(NAVY, ground) > 3
    looks = [look_of(f"{start} to 99") for start in BAND_STARTS]
    assert all(contrast(look.face, look.ink) > 4.5 for look in looks)
    shares = [look.share for look in looks]
    assert shares == sorted(set(shares)) and shares[-1] < 1


@pytest.mark.parametrize(("width", "is_written"), [(WIDE_PX, True), (NARROW_PX, False)])
def test_all_bands_are_written_or_none(width: int, is_written: bool) -> None:
    drawing = draw(atlas(), children(SOME), width)["placements"]
    words = [text.rpartition(" ")[0] for text in boxes(drawing)]
    bands = {text for text in words if "\N{EN DASH}" in text}
    written = {"6\N{EN DASH}10", "11\N{EN DASH}20", "21\N{EN DASH}50"}
    assert bands == (written if is_written else set())


def test_a_small_authoritys_map_says_the_same_at_both_widths() -> None:
    tiny = atlas({HERE: box(449, 299, 451, 301), THERE: SHAPE_ROUND})
    wide, narrow = (draw(tiny, children(SOME), width)["placements"]
                    for width in (WIDE_PX, NARROW_PX))
    assert (wide.alt, wide.title, wide.base) == (narrow.alt, narrow.title, narrow.base)
    assert "coordinate" not in said(wide)


SHAPE_ROUND = box(400, 250, 500, 350).difference(box(449, 299, 451, 301))


def test_other_land_is_not_called_the_sea() -> None:
    assert all(area.is_valid for area in BESIDE.values()) and ENGLAND.is_valid
    inside = {"Wales": (290, 250), "Scotland": (300, 600), "the Isle of Man": (230, 480),
              "Ireland": (100, 400), "France": (670, 100)}
    for name, (east, north) in inside.items():
        assert [one for one, area in BESIDE.items()
                if area.contains(shapely.Point(east * 1000, north * 1000))] == [name]
    # The Channel, the North Sea, the Irish Sea and the Bristol Channel are.
    for east, north in ((560, 60), (450, 620), (300, 420), (290, 155)):
        at = shapely.Point(east * 1000, north * 1000)
        assert not any(area.contains(at) for area in BESIDE.values())
