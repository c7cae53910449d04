"""What is measured about an episode, on a directory of four postcodes and a square."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely.geometry import box
from small_return import write_raw_reference

from sufficiency_lib.cleaning.children import children_of
from sufficiency_lib.cleaning.derive import Area, derive, measured_from
from sufficiency_lib.intake.postcodes import PostcodeDirectory
from sufficiency_lib.intake.reference import build_reference

SQUARE = box(340_000, 230_000, 360_000, 250_000)
HEREFORDSHIRE = Area(frozenset({"E06000019"}), SQUARE, (350_000.0, 240_000.0))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> PostcodeDirectory:
    folder = tmp_path_factory.mktemp("reference")
    raw = write_raw_reference(folder / "raw")
    store = build_reference(
        folder / "store", postcodes=raw / "postcodes.csv", boundaries=None
    )
    return store.postcodes


def _history(*episodes: dict[str, str]) -> pd.DataFrame:
    base = {"CHILD": "a", "DECOM": "2023-05-01", "DEC": None, "RNE": "S", "LS": "C2", "CIN": "N1",
            "PLACE": "U6", "PLACE_PROVIDER": "PR1", "REC": None, "REASON_PLACE_CHANGE": None,
            "HOME_POST": "HR1 1AA", "PL_POST": "HR2 6AA", "URN": None, "tag": "",
            "dec_unreadable": False, "return_year": 2024, "source_file": "e.csv"}
    frame = pd.DataFrame([{**base, **episode} for episode in episodes])
    frame["source_line"] = range(2, len(episodes) + 2)
    for column in ("DECOM", "DEC"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return frame


def _header(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["CHILD", "DOB", "SEX", "ETHNIC", "return_year"])
    return frame.assign(DOB=pd.to_datetime(frame["DOB"]))


def _uasc(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["CHILD", "DUC", "return_year"])
    return frame.assign(DUC=pd.to_datetime(frame["DUC"]))


NOBODY = children_of(None, None)


def _derive(
    directory: PostcodeDirectory, *episodes: dict, children: pd.DataFrame = NOBODY,
    area: Area = HEREFORDSHIRE,
) -> pd.DataFrame:
    return derive(_history(*episodes), children, directory, area)


# Children.


def test_a_child_is_as_the_latest_return_that_says_it() -> None:
    children = children_of(
        _header(
            ("a", "2010-01-01", "1", "WBRI", 2023),
            ("a", "2010-01-02", "2", None, 2024),
            ("b", None, "M", "AOTH", 2024),
            ("b", "2011-01-01", None, "AOTH", 2023),
            ("c", "2012-01-01", "U", "AOTH", 2024),
            (None, "2012-01-01", "1", "AOTH", 2024),
        ),
        None,
    ).set_index("child_id")
    assert children.index.tolist() == ["a", "b", "c"]
    assert children["dob"].dt.strftime("%Y-%m-%d").tolist() == [
        "2010-01-02", "2011-01-01", "2012-01-01"
    ]
    assert children["sex"].tolist() == ["female", "male", "not_known"]
    assert children["ethnicity_code"].tolist() == ["WBRI", "AOTH", "AOTH"]
    assert not children["ever_uasc"].any()


def test_a_child_of_the_uasc_table_alone_is_a_child() -> None:
    children = children_of(None, _uasc(("u", None, 2024), ("v", "2024-05-01", 2023),
                                       ("v", "2023-05-01", 2024), (None, None, 2024)))
    assert children["child_id"].tolist() == ["u", "v"]
    assert children["ever_uasc"].all()
    assert children["uasc_until"].tolist() == [pd.NaT, pd.Timestamp(2023, 5, 1)]
    assert children["sex"].tolist() == ["not_known", "not_known"]


def test_without_header_or_uasc_there_are_no_children() -> None:
    assert NOBODY.empty and "dob" in NOBODY


# Groups.


@pytest.mark.parametrize(
    ("place", "provider_code", "group", "provider"),
    [("U4", "PR4", "fostering", "private"), ("K3", "PR5", "supported_accommodation", "voluntary"),
     ("T1", None, "temporary", "not_recorded"), (None, "PR9", "other", "not_recorded")],
)
def test_group_and_provider(
    directory: PostcodeDirectory, place: str | None, provider_code: str | None, group: str,
    provider: str,
) -> None:
    episode = _derive(directory, {"PLACE": place, "PLACE_PROVIDER": provider_code}).iloc[0]
    assert (episode["placement_group"], episode["provider"]) == (group, provider)


def test_an_age_rests_on_the_headers_date_of_birth(directory: PostcodeDirectory) -> None:
    children = children_of(_header(("a", "2010-01-01", "1", "WBRI", 2024)), None)
    episodes = _derive(directory, {}, {"CHILD": "z"}, children=children).set_index("child_id")
    assert episodes.loc["a", "dob"] == pd.Timestamp(2010, 1, 1)
    assert pd.isna(episodes.loc["z", "dob"])


# Distance.


@pytest.mark.parametrize(
    ("home", "place", "miles", "band"),
    [
        ("HR1 1AA", "HR1 1AB", 20.0, "le_20"),
        ("HR1 1AA", "HR1 1AC", 20.1, "gt_20"),
        ("hr11aa", " HR2  6AA", 0.9, "le_20"),
        ("HR1 1AA", "HR1 1AA", 0.0, "le_20"),
        ("HR1 1AA", None, None, "not_known"),
        (None, "HR1 1AB", None, "not_known"),
        ("HR1 1AA", "HR9 9ZZ", None, "not_known"),
        ("HR1 1AA", "BT1 1AA", None, "not_known"),
        ("HR1 1AA", "nowhere", None, "not_known"),
    ],
)
def test_distance_from_home(
    directory: PostcodeDirectory, home: str | None, place: str | None, miles: float | None,
    band: str,
) -> None:
    episode = _derive(directory, {"HOME_POST": home, "PL_POST": place}).iloc[0]
    assert episode["distance_band"] == band
    assert (pd.isna(episode["distance_miles"]) if miles is None
            else episode["distance_miles"] == miles)


@pytest.mark.parametrize("status", ["V3", "V4"])
def test_a_short_break_has_no_distance_but_a_place(
    directory: PostcodeDirectory, status: str
) -> None:
    episode = _derive(directory, {"LS": status}).iloc[0]
    assert episode["is_short_break"] and pd.isna(episode["distance_miles"])
    assert (episode["distance_band"], episode["boundary"]) == ("not_known", "inside")
    assert episode["border_miles"] == 0.0


@pytest.mark.parametrize(
    ("until", "decom", "is_uasc"),
    [
        (None, "2023-05-01", True),
        ("2030-01-01", "2023-05-01", True),
        ("2023-05-02", "2023-05-01", True),
        ("2023-05-01", "2023-05-01", False),
        ("2015-01-01", "2023-05-01", False),
    ],
)
def test_uasc_is_who_is_one_when_the_episode_starts(
    directory: PostcodeDirectory, until: str | None, decom: str, is_uasc: bool
) -> None:
    children = children_of(None, _uasc(("a", until, 2024)))
    episode = _derive(directory, {"DECOM": decom}, children=children).iloc[0]
    assert bool(episode["is_uasc"]) is is_uasc
    # Whether the distance counts is for the day of a table to say.
    assert pd.notna(episode["distance_miles"])


def test_a_child_who_never_was_uasc_is_not(directory: PostcodeDirectory) -> None:
    assert not _derive(directory, {})["is_uasc"].any()


# In or out of the area.


@pytest.mark.parametrize(
    ("place", "boundary", "border", "centre"),
    [
        ("HR2 6AA", "inside", 0.0, 0.9),
        # 272186 - 250000 = 22186 m = 13.786 miles; 272300 - 250000 = 22300 m = 13.857 miles
        ("HR1 1AB", "outside", 13.8, 20.0),
        ("HR1 1AC", "outside", 13.9, 20.1),
        ("HR9 9ZZ", "outside", None, None),
        ("BT1 1AA", "outside", None, None),
        (None, "outside", None, None),
    ],
)
def test_boundary_border_and_centre(
    directory: PostcodeDirectory, place: str | None, boundary: str, border: float | None,
    centre: float | None,
) -> None:
    episode = _derive(directory, {"PL_POST": place}).iloc[0]
    assert episode["boundary"] == boundary
    for said, expected in ((episode["border_miles"], border), (episode["centre_miles"], centre)):
        assert pd.isna(said) if expected is None else said == expected


def test_what_is_not_known_of_the_area_is_not_made_up(directory: PostcodeDirectory) -> None:
    episode = _derive(directory, {}, area=Area()).iloc[0]
    assert episode["boundary"] == "not_known"
    assert pd.isna(episode["border_miles"]) and pd.isna(episode["centre_miles"])
    assert episode["distance_miles"] == 0.9


def test_the_status_of_each_postcode_is_kept(directory: PostcodeDirectory) -> None:
    posts = ["HR1 1AA", None, "HR9 9ZZ", "BT1 1AA", "nowhere"]
    episodes = _derive(
        directory, *({"CHILD": str(number), "PL_POST": post} for number, post in enumerate(posts))
    )
    assert episodes["placement_postcode_status"].tolist() == [
        "found", "blank", "unknown", "not_on_british_grid", "malformed"
    ]


# Stays with one carer, and periods of care.


def _numbers(directory: PostcodeDirectory, *steps: tuple) -> list[tuple[int, int]]:
    """(child, DECOM, DEC, RNE, REC) to (period, stay) of each."""
    names = ("CHILD", "DECOM", "DEC", "RNE", "REC")
    episodes = _derive(directory, *(dict(zip(names, step, strict=True)) for step in steps))
    return list(zip(episodes["care_period_id"], episodes["placement_id"], strict=True))


def test_l_t_and_u_go_on_with_the_stay_and_p_b_and_s_do_not(directory: PostcodeDirectory) -> None:
    days = [f"2023-{month:02d}-01" for month in range(1, 9)]
    steps = [
        ("a", days[place], days[place + 1], rne, "X1") for place, rne in enumerate("SLTUPLB")
    ]
    assert _numbers(directory, *steps) == [
        (1, 1), (1, 1), (1, 1), (1, 1), (1, 2), (1, 2), (1, 3)
    ]


def test_a_gap_begins_another_period_whatever_the_reason(directory: PostcodeDirectory) -> None:
    assert _numbers(
        directory,
        ("a", "2023-01-01", "2023-02-01", "S", "E4A"),
        ("a", "2023-02-02", "2023-03-01", "L", "X1"),
        ("a", "2023-03-01", None, "L", None),
    ) == [(1, 1), (2, 2), (2, 2)]


def test_care_that_ends_and_starts_on_one_day_is_two_periods(directory: PostcodeDirectory) -> None:
    assert _numbers(
        directory,
        ("a", "2023-01-01", "2023-02-01", "S", "E4A"), ("a", "2023-02-01", None, "S", None),
    ) == [(1, 1), (2, 2)]
    # X1 says that the child stayed looked after: the S is a slip.
    assert _numbers(
        directory,
        ("a", "2023-01-01", "2023-02-01", "S", "X1"), ("a", "2023-02-01", None, "S", None),
    ) == [(1, 1), (1, 2)]


def test_children_do_not_share_periods_or_stays(directory: PostcodeDirectory) -> None:
    assert _numbers(
        directory,
        ("b", "2023-02-01", None, "L", None), ("a", "2023-01-01", "2023-02-01", "S", "X1"),
        ("a", "2023-02-01", None, "P", None),
    ) == [(1, 1), (1, 2), (2, 3)]


def test_nothing_in_nothing_out(directory: PostcodeDirectory) -> None:
    empty = derive(_history({}).iloc[:0], NOBODY, directory, HEREFORDSHIRE)
    assert empty.empty and {"distance_band", "placement_id", "boundary"} <= set(empty.columns)


# What the directory says of a postcode.


@pytest.fixture(scope="module")
def wider(tmp_path_factory: pytest.TempPathFactory) -> PostcodeDirectory:
    """Beside the four of England one in Wales, one in Scotland, and one that is used no more."""
    folder = tmp_path_factory.mktemp("wider")
    raw = write_raw_reference(folder / "raw")
    with (raw / "postcodes.csv").open("a", encoding="utf-8") as file:
        file.write("NP7 1AA,,W99999999,W06000021,333000,240000\n"
                   "DG1 1AA,,S99999999,S12000006,350000,241000\n"
                   "HR4 1AA,201001,E99999999,E06000019,350000,243000\n")
    return build_reference(
        folder / "store", postcodes=raw / "postcodes.csv", boundaries=None
    ).postcodes


@pytest.mark.parametrize("home", ["NP7 1AA", "DG1 1AA"])
def test_a_home_outside_england_has_no_distance_and_a_placement_there_has(
    wider: PostcodeDirectory, home: str
) -> None:
    away = _derive(wider, {"HOME_POST": home, "PL_POST": "HR1 1AA"}).iloc[0]
    assert pd.isna(away["distance_miles"]) and away["distance_band"] == "not_known"
    assert away["boundary"] == "inside", "where the child lives is known all the same"
    back = _derive(wider, {"HOME_POST": "HR1 1AA", "PL_POST": home}).iloc[0]
    # 17,000 m is 10.56 miles; 1,000 m is 0.62.
    assert back["distance_miles"] == {"NP7 1AA": 10.6, "DG1 1AA": 0.6}[home]
    assert back["boundary"] == "outside"


def test_each_end_has_its_own_place_and_whether_its_postcode_is_used_no_more(
    wider: PostcodeDirectory,
) -> None:
    episode = _derive(wider, {"HOME_POST": "HR4 1AA", "PL_POST": "NP7 1AA"}).iloc[0]
    assert episode[["home_easting", "home_northing", "home_authority"]].tolist() == [
        350_000, 243_000, "E06000019"]
    assert episode[["placement_easting", "placement_northing", "placement_authority"]].tolist() == [
        333_000, 240_000, "W06000021"]
    assert bool(episode["home_postcode_terminated"])
    assert not episode["placement_postcode_terminated"]
    assert (episode["home_postcode_status"], episode["placement_postcode_status"]) == (
        "found", "found")


def test_a_postcode_that_is_not_there_is_placed_in_its_sector_only_if_that_is_asked(
    wider: PostcodeDirectory,
) -> None:
    history = _history({"HOME_POST": "HR1 1AA", "PL_POST": "HR4 1ZZ"})
    plain = derive(history, NOBODY, wider, HEREFORDSHIRE).iloc[0]
    assert pd.isna(plain["distance_miles"]) and plain["placement_postcode_status"] == "unknown"
    filled = derive(history, NOBODY, wider, HEREFORDSHIRE, fallback="sector").iloc[0]
    # The only other postcode of HR4 1 is 3,000 m north: 1.86 miles.
    assert (filled["distance_miles"], filled["placement_postcode_status"]) == (1.9, "sector")


def test_periods_and_stays_are_numbered_in_order_of_child_and_day_whatever_the_rows_are_in(
    directory: PostcodeDirectory,
) -> None:
    episodes = _derive(
        directory,
        {"CHILD": "b", "DECOM": "2023-03-01", "RNE": "L"},
        {"CHILD": "a", "DECOM": "2023-02-01", "RNE": "P"},
        {"CHILD": "a", "DECOM": "2023-01-01", "DEC": "2023-02-01", "REC": "X1"},
    )
    assert episodes[["child_id", "care_period_id", "placement_id"]].to_numpy().tolist() == [
        ["a", 1, 1], ["a", 1, 2], ["b", 2, 3]]
    assert episodes.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("area", "boundary"), [(HEREFORDSHIRE, ["inside", "outside"]), (Area(), ["not_known"] * 2)]
)
def test_what_is_measured_from_an_area_is_beside_the_row_it_is_of(
    area: Area, boundary: list[str]
) -> None:
    placed = pd.DataFrame({
        "placement_easting": [350_000.0, 392_186.0], "placement_northing": [240_000.0] * 2,
        "placement_authority": ["E06000019", "E06000051"],
    }, index=[7, 3])
    got = measured_from(placed, area)
    assert got.index.tolist() == [7, 3]
    assert got["boundary"].tolist() == boundary
    # From the square's edge, and from its middle 10,000 m further in: 42,186 m is 26.21 miles.
    assert got["border_miles"].fillna(-1).tolist() == ([0.0, 20.0] if area.boundary else [-1, -1])
    assert got["centre_miles"].fillna(-1).tolist() == ([0.0, 26.2] if area.centre else [-1, -1])


def test_an_open_episode_before_another_child_s_is_not_gone_on_with(
    directory: PostcodeDirectory,
) -> None:
    """Only a child's last episode is open, so the row after it is another child's."""
    assert _numbers(
        directory,
        ("a", "2023-01-01", None, "S", None), ("b", "2023-01-01", "2023-02-01", "L", "X1"),
        ("b", "2023-02-01", "2023-03-01", "L", "E4A"),
    ) == [(1, 1), (2, 2), (2, 2)]
