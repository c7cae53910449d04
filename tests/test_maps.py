"""The maps: what they show, what nobody can read off them, and grounds of every shape."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import publishing
import pytest
import shapely
from histories import history
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.intake.authorities import authority_names
from sufficiency_lib.metrics.areas import centres_of, grid_reference, placements_by_hexagon
from sufficiency_lib.metrics.places import placement_authorities
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.maps import ABSENT, Atlas
from sufficiency_lib.publish.maps_coast import the_sea
from sufficiency_lib.publish.maps_drawing import OUTSIDE, SEA
from sufficiency_lib.publish.maps_ground import Ground
from sufficiency_lib.publish.maps_view import View
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes
from sufficiency_lib.settings import LocalitySettings

DAY = "2025-03-31"
HERE, THERE, FAR = "E06000019", "E10000016", "E06000043"
NAMES = {HERE: "Herefordshire", THERE: "Kent", FAR: "Brighton and Hove"}
MILES = 5.0
CENTRE = LocalitySettings(centre_name="Hereford", centre_easting=450_000, centre_northing=300_000,
                          border_miles=10)
RULES = ("home_20_miles", "centre_20_miles", "boundary_20_miles", "in_area", "border_10_miles")


def box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    return shapely.box(*(1000.0 * km for km in (west, south, east, north)))


#: A square of 30 km with neighbours on both sides.
SQUARES = {HERE: box(435, 285, 465, 315), THERE: box(465, 285, 495, 315),
           FAR: box(405, 285, 435, 315)}
SHAPES: dict[str, BaseGeometry] = {
    "square": SQUARES[HERE],
    "tiny": box(449, 299, 451, 301),
    "two parts": shapely.union_all([box(440, 290, 445, 295), box(455, 305, 460, 310)]),
    "islands": shapely.union_all([box(440 + 3 * n, 300, 441 + 3 * n, 301) for n in range(6)]),
    "a hole": box(435, 285, 465, 315).difference(box(445, 295, 455, 305)),
    "large": box(380, 240, 520, 360),
    "long": box(449, 200, 451, 400),
}


def atlas(outlines: dict[str, BaseGeometry] | None = None, rule: str = "home_20_miles") -> Atlas:
    outlines = SQUARES if outlines is None else outlines
    drawn = gpd.GeoDataFrame(
        {"code": list(outlines), "name": [NAMES.get(code, code) for code in outlines]},
        geometry=list(outlines.values()), crs="EPSG:27700",
    )
    return Atlas(Ground(drawn, HERE, NAMES, rule, CENTRE))


def children(counts: dict[tuple[float, float, str], int]) -> pd.DataFrame:
    """So many children at each easting and northing in kilometres, in an authority."""
    rows = [place for place, count in counts.items() for _ in range(count)]
    frame = history(*({"placement_authority": code} for _, _, code in rows))
    for end in ("home", "placement"):
        frame[f"{end}_easting"] = np.array([east * 1000 for east, _, _ in rows], dtype="float64")
        frame[f"{end}_northing"] = np.array([north * 1000 for _, north, _ in rows], "float64")
    return frame.assign(home_authority=frame["placement_authority"])


SOME = {(450.123, 300.457, HERE): 40, (441.987, 291.321, HERE): 8, (480.111, 300.777, THERE): 12,
        (420.0, 300.0, FAR): 7}


def tables(episodes: pd.DataFrame, audience: str = "public") -> dict[str, pd.DataFrame]:
    page = publishing.page(audience)
    fewest = 1 if audience == "internal" else 6
    hexagons = placements_by_hexagon(episodes, DAY, fewest=fewest, sizes=[MILES])
    authorities = placement_authorities(episodes, DAY, NAMES, fewest=fewest)
    shown = {"placements_by_hexagon": hexagons, "placement_authorities": authorities}
    return {name: page.disclose(name, frame) for name, frame in shown.items()}


def draw(maps: Atlas, episodes: pd.DataFrame, width: int = WIDE_PX) -> dict[str, Drawing]:
    shown = tables(episodes)
    context = ChartContext("Herefordshire", publishing.AS_AT, width_px=width)
    drawn = {name: "placements_by_hexagon" for name in ("placements", "homes_and_placements")}
    drawn["flows"] = "placement_authorities"
    return {name: getattr(maps, name)(shown[table], context) for name, table in drawn.items()
            if not maps.drawable(shown[table]).empty}


def said(drawing: Drawing) -> str:
    """All that a reader is given of a map."""
    svg = svg_bytes(drawing.figure).decode()
    return " ".join((svg, drawing.alt, drawing.title, drawing.base))


# --- what nobody can read off them -----------------------------------------------------------


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_a_hexagon_with_one_to_five_is_not_told_from_an_empty_one(width: int) -> None:
    few = {(445.0, 310.0, HERE): 1, (459.0, 288.0, HERE): 5, (461.0, 311.0, HERE): 3}
    with_few = draw(atlas(), children(SOME | few), width)
    without = draw(atlas(), children(SOME), width)
    for name in ("placements", "homes_and_placements"):
        assert said(with_few[name]) == said(without[name])


def test_a_map_is_the_same_wherever_in_its_hexagon_a_child_is() -> None:
    """No coordinate of a child has any part in a map: only the hexagon has."""
    middle = centres_of([[38, 42]], MILES)[0] / 1000
    east, north = (float(value) for value in middle)
    first = draw(atlas(), children({(east, north, HERE): 30}))
    moved = draw(atlas(), children({(east + 0.9, north - 1.7, HERE): 30}))
    assert [said(one) for one in first.values()] == [said(one) for one in moved.values()]


def test_no_grid_reference_of_a_child_is_in_a_map() -> None:
    episodes = children(SOME)
    exact = {f"{value:.0f}" for end in ("home", "placement") for axis in ("easting", "northing")
             for value in episodes[f"{end}_{axis}"]}
    for drawing in draw(atlas(), episodes).values():
        text = said(drawing)
        assert not [value for value in exact if value in text]
        # Grid references in words are of the middles of hexagons, to a kilometre.
        assert not re.search(r"\b[A-Z]{2} ?\d{3,} ?\d{3,}\b", text)


def test_a_hexagon_is_drawn_where_the_table_says() -> None:
    """One hexagon in the middle of the authority is in the middle of the map."""
    middle = centres_of([[38, 42]], MILES)[0]
    square = shapely.Point(*middle).buffer(15_000, cap_style="square")
    drawing = draw(atlas({HERE: square}), children({(*(middle / 1000), HERE): 30}))["placements"]
    assert f"21 to 50 children in {grid_reference(*middle)}." in drawing.alt
    svg = svg_bytes(drawing.figure).decode()
    paths = re.findall(r'd="([^"]*)" [^>]*style="fill: #2073bc', svg)
    points = np.array(re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", max(paths, key=len)), float)
    assert (points[:, 0].min() + points[:, 0].max()) / 2 == pytest.approx(WIDE_PX / 2, abs=1)
    assert np.ptp(points[:, 1]) / np.ptp(points[:, 0]) == pytest.approx(2 / 3**0.5, abs=0.02)


# --- what they say ---------------------------------------------------------------------------


def test_titles_and_words_are_of_the_disclosed_tables() -> None:
    drawn = draw(atlas(), children(SOME | {(430.0, 300.0, "W06000015"): 9}))
    assert drawn["placements"].title == (
        "2 of the 5 areas where 6 or more children are placed are in Herefordshire or across its "
        "boundary"
    )
    assert drawn["flows"].title == "Outside Herefordshire, most children are placed in Kent: 12"
    assert "Kent 12; Brighton and Hove 7" in drawn["flows"].alt
    assert "Without a line: Wales 9." in drawn["flows"].base
    for drawing in drawn.values():
        assert "mile" in svg_bytes(drawing.figure).decode()
        assert "31 March 2025" in drawing.alt and "North is up" in drawing.base
    assert "6 to 10 children" in drawn["homes_and_placements"].alt
    assert "or fewer than 6, or a number that is not shown" in drawn["placements"].alt


def test_two_authorities_with_as_many_children_are_not_ranked() -> None:
    even = {(450.0, 300.0, HERE): 20, (480.0, 300.0, THERE): 9, (420.0, 300.0, FAR): 9}
    title = draw(atlas(), children(even))["flows"].title
    assert title == "Where children are placed outside Herefordshire"


@pytest.mark.parametrize("rule", RULES)
def test_the_line_of_the_rule_is_drawn_and_explained(rule: str) -> None:
    drawing = draw(atlas(rule=rule), children(SOME))["placements"]
    svg = svg_bytes(drawing.figure).decode()
    words = {"home_20_miles": "20 miles from the boundary",
             "in_area": "Herefordshire boundary: the rule for local",
             "centre_20_miles": "20 miles from Hereford: the rule for local",
             "boundary_20_miles": "20 miles from the boundary: the rule for local",
             "border_10_miles": "10 miles from the boundary: the rule for local"}[rule]
    assert ("stroke-dasharray" in svg) == (rule != "in_area")
    assert f">{words}<" in svg and "rule for local is" in drawing.alt
    assert (">Hereford<" in svg) == (rule == "centre_20_miles")
    assert ("no one line shows it" in drawing.base) == (rule == "home_20_miles")


def test_the_line_stands_at_its_distance() -> None:
    ground = atlas(rule="centre_20_miles").ground
    around = ground.rule_line.area
    assert around.bounds == pytest.approx(
        (450_000 - 32_186, 300_000 - 32_186, 450_000 + 32_186, 300_000 + 32_186))
    near = atlas(rule="border_10_miles").ground.rule_line.area
    assert near.bounds[0] == pytest.approx(435_000 - 16_093)


# --- grounds of every shape ------------------------------------------------------------------


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
@pytest.mark.parametrize("shape", SHAPES)
def test_an_outline_of_any_shape_is_drawn_and_repeats_to_the_byte(shape: str, width: int) -> None:
    others = {code: area.difference(SHAPES[shape]) for code, area in SQUARES.items()
              if code != HERE}
    outlines = {HERE: SHAPES[shape]} | {code: area for code, area in others.items() if area.area}
    first, second = (draw(atlas(outlines), children(SOME), width) for _ in range(2))
    assert len(first) >= 2
    for name, drawing in first.items():
        svg = svg_bytes(drawing.figure)
        assert svg == svg_bytes(second[name].figure)
        assert len(svg) < 60_000 and b"nan" not in svg.lower()
        wide, high = drawing.figure.get_size_inches() * 72
        assert wide == pytest.approx(width) and 0 < high < 3 * width


def test_children_without_a_place_and_hexagons_beyond_the_window() -> None:
    lost = children(SOME | {(600.0, 200.0, THERE): 9, (np.nan, np.nan, HERE): 9})
    drawing = draw(atlas(), lost)["placements"]
    assert "1 hexagon lies beyond the map; the data has them." in drawing.base


def test_an_authority_without_an_outline_has_a_sentence() -> None:
    shown = tables(children(SOME))
    without = atlas({THERE: SQUARES[THERE]})
    unknown = Atlas(Ground(atlas().ground.boundaries, None, NAMES))
    empty = Atlas(Ground(atlas().ground.boundaries[:0], HERE, NAMES))
    page = publishing.page()
    for maps in (without, unknown, empty):
        for name, frame in shown.items():
            assert maps.drawable(frame).empty
            (output,) = publishing.outputs(
                lambda m=maps, n=name, f=frame: page.chart(
                    n, m.drawable(f), draw=m.flows, absent=ABSENT))
            assert ABSENT in output.data["text/plain"]


def test_no_other_authority_to_draw_a_line_to_has_a_sentence() -> None:
    shown = tables(children({(450.0, 300.0, HERE): 40, (480.0, 300.0, THERE): 2}))
    assert atlas().drawable(shown["placement_authorities"]).empty
    assert not atlas().drawable(shown["placements_by_hexagon"]).empty


# --- the sea ---------------------------------------------------------------------------------

WINDOW = View.on((435_000, 285_000, 465_000, 315_000), left=0, top=0, width=300,
                 heights=(100, 400))


def test_the_sea_is_what_a_whole_file_leaves_and_wales_is_not_it() -> None:
    every = dict.fromkeys(authority_names(), box(440, 100, 460, 130))
    whole = atlas(every).ground
    assert whole.is_whole and not atlas().ground.is_whole
    channel = View.on((430_000, 80_000, 470_000, 120_000), left=0, top=0, width=300,
                      heights=(100, 400))
    assert [style["facecolor"] for style in whole.outside_legend(channel).values()] == [SEA]
    border = View.on((300_000, 200_000, 340_000, 240_000), left=0, top=0, width=300,
                     heights=(100, 400))
    (words, style), = whole.outside_legend(border).items()
    assert "Wales" in words and style["facecolor"] == OUTSIDE


def test_a_file_without_all_of_england_calls_no_land_the_sea() -> None:
    ground = atlas({HERE: box(445, 295, 455, 305)}).ground
    assert list(ground.outside_legend(WINDOW)) == ["Not in the boundary file"]
    assert the_sea(box(435, 285, 465, 315)).is_empty
    assert not the_sea(box(520, 60, 540, 100)).is_empty


@pytest.mark.parametrize("authority", ["herefordshire", "nottingham", "brighton-and-hove"])
def test_the_samples_maps_are_small_enough(sample_dir, authority: str) -> None:
    from sufficiency_lib import dataset
    from sufficiency_lib.settings import run_parameters

    study = dataset.load(run_parameters(authority=authority, data=str(sample_dir)))
    maps = Atlas.for_dataset(study)
    frame = placements_by_hexagon(study.episodes, study.as_at, fewest=study.fewest_shown)
    shown = publishing.page().disclose("placements_by_hexagon", maps.drawable(frame))
    drawing = maps.placements(shown, ChartContext(study.profile.name, study.as_at))
    assert len(svg_bytes(drawing.figure)) < 60_000
    exact = study.episodes[["home_postcode", "placement_postcode"]].stack().dropna().unique()
    text = said(drawing)
    assert not [postcode for postcode in exact if str(postcode) in text]
