"""How often children move and how long they stay, at the edges and against DfE's table."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, sparingly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.stability import (
    MEASURES,
    carer_stays,
    placements_in_year,
    stability,
)
from sufficiency_lib.metrics.stock import percentage

DAY = "2025-03-31"
OFTEN, SETTLED = MEASURES


def moves(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """Episodes of stays; each is a placement of its own, at a place of its own, unless said."""
    extra = [{"placement_id": at, "placement_postcode": f"ZZ{at} 1AA"} | row
             for at, row in enumerate(rows)]
    frame = history(*({k: v for k, v in row.items() if not k.startswith("placement_i")}
                      for row in extra))
    frame["placement_id"] = [row["placement_id"] for row in extra]
    frame["placement_postcode"] = pd.Series(
        [row["placement_postcode"] for row in extra], dtype=object)
    return stored_as(frame, storage)


def child(name: str, *spells: tuple, **more: object) -> list[dict[str, object]]:
    """One child's unbroken spells: (start, group, anything else)."""
    ends = [spell[0] for spell in spells[1:]] + [more.pop("until", None)]
    return [
        {"child_id": name, "care_period_id": 7, "decom": spell[0], "dec": end,
         "placement_group": spell[1]} | (spell[2] if len(spell) > 2 else {}) | more
        for spell, end in zip(spells, ends, strict=True)
    ]


def number(*rows: dict[str, object]) -> int:
    return int(placements_in_year(moves(*rows), DAY)["a"])


def settled(*rows: dict[str, object], **more: object) -> tuple[int, int]:
    frame = stability(moves(*rows), [DAY], **more).set_index("measure")
    return tuple(int(frame.at[SETTLED, column]) for column in ("numerator", "denominator"))


HOME = {"placement_postcode": "ZZ9 9ZZ"}


def test_the_placement_open_when_the_year_begins_counts() -> None:
    assert number(*child("a", ("2020-01-01", "fostering"), ("2024-04-02", "fostering"))) == 2


def test_a_placement_that_ended_as_the_year_began_does_not() -> None:
    assert number(*child("a", ("2020-01-01", "fostering"), ("2024-04-01", "fostering"))) == 1


def test_the_same_carer_under_another_status_is_no_move() -> None:
    spells = [(f"2024-0{month}-01", "fostering", {"placement_id": 1}) for month in (5, 6, 7)]
    assert number(*child("a", *spells)) == 1


def test_a_temporary_stay_is_no_placement_and_the_return_no_move() -> None:
    spells = [("2023-05-01", "fostering", HOME), ("2024-06-01", "temporary"),
              ("2024-06-05", "fostering", HOME)]
    assert number(*child("a", *spells)) == 1


def test_going_elsewhere_after_a_temporary_stay_is_a_move() -> None:
    spells = [("2023-05-01", "fostering", HOME), ("2024-06-01", "temporary"),
              ("2024-06-05", "fostering")]
    assert number(*child("a", *spells)) == 2


@pytest.mark.parametrize("other", [{"provider": "private"}, {"placement_postcode": None}])
def test_a_return_must_be_seen_to_be_one(other) -> None:
    spells = [("2023-05-01", "fostering", HOME), ("2024-06-01", "temporary"),
              ("2024-06-05", "fostering", HOME | other)]
    assert number(*child("a", *spells)) == 2


def test_moving_away_and_back_is_two_moves() -> None:
    spells = [("2023-05-01", "fostering", HOME), ("2024-06-01", "fostering"),
              ("2024-07-01", "fostering", HOME)]
    assert number(*child("a", *spells)) == 3


def test_a_child_known_only_in_temporary_stays_has_none() -> None:
    assert number(*child("a", ("2025-03-25", "temporary"))) == 0


def test_placements_of_an_earlier_period_of_care_in_the_year_count() -> None:
    earlier = child("a", ("2024-05-01", "fostering"), until="2024-07-01", care_period_id=1)
    assert number(*earlier, *child("a", ("2024-09-01", "fostering"))) == 2


def test_short_breaks_and_who_has_left_are_nowhere() -> None:
    rows = [*child("a", ("2020-01-01", "fostering"), is_short_break=True),
            *child("b", ("2020-01-01", "fostering"), until=DAY, care_period_id=2)]
    assert placements_in_year(moves(*rows), DAY).empty
    assert stability(moves(*rows), [DAY])["denominator"].tolist() == [0, 0]
    assert stability(moves(*rows), [DAY])["rate_pct"].isna().all()


@pytest.mark.parametrize(
    ("start", "base"), [("2022-09-30", 1), ("2022-10-01", 0)],
)
def test_looked_after_for_two_years_and_six_months(start: str, base: int) -> None:
    assert settled(*child("a", (start, "fostering"))) == (base, base)


@pytest.mark.parametrize(
    ("moved", "counts"), [("2023-03-31", 1), ("2023-04-01", 0)],
)
def test_two_years_with_the_carer(moved: str, counts: int) -> None:
    assert settled(*child("a", ("2020-01-01", "fostering"), (moved, "fostering"))) == (counts, 1)


def test_who_moves_on_the_day_itself_is_not_settled_and_who_moves_the_day_after_still_is() -> None:
    assert settled(*child("a", ("2020-01-01", "fostering"), (DAY, "fostering"))) == (0, 1)
    assert settled(*child("a", ("2020-01-01", "fostering"), ("2025-04-01", "fostering"))) == (1, 1)


@pytest.mark.parametrize(
    ("dob", "base"), [("2009-04-01", 1), ("2009-03-31", 0), (None, 0)],
)
def test_under_sixteen_on_the_day(dob: str | None, base: int) -> None:
    assert settled(*child("a", ("2020-01-01", "fostering"), dob=dob))[1] == base


def test_a_stay_away_does_not_break_the_time_with_a_carer_even_on_the_day() -> None:
    spells = [("2021-01-01", "fostering", HOME), ("2024-06-01", "temporary"),
              ("2024-06-05", "fostering", HOME), ("2025-03-30", "temporary")]
    assert settled(*child("a", *spells)) == (1, 1)


def test_an_adoptive_placement_counts_with_the_one_before_it_and_no_further() -> None:
    adopters = ("2024-06-01", "adoption")
    long_before = [("2021-01-01", "fostering"), adopters]
    just_before = [("2021-01-01", "fostering"), ("2024-01-01", "fostering"), adopters]
    assert settled(*child("a", *long_before)) == (1, 1)
    assert settled(*child("a", *just_before)) == (0, 1)


def test_a_foster_carer_who_adopts_is_one_carer_and_needs_no_placement_before() -> None:
    same = {"placement_id": 5}
    spells = [("2021-01-01", "fostering"), ("2024-01-01", "fostering", same),
              ("2024-06-01", "adoption", same)]
    assert settled(*child("a", *spells)) == (0, 1)


def test_what_the_returns_do_not_reach_back_to_is_not_available() -> None:
    rows = moves(*child("a", ("2018-01-01", "fostering")))
    shown = stability(rows, ["2022-03-31", "2023-03-31"], first_return=2021)
    shown = shown.set_index(["measure", "as_at"])
    assert shown.loc[(SETTLED, "2022-03-31"), ["numerator", "denominator"]].isna().all()
    assert pd.isna(shown.at[(SETTLED, "2022-03-31"), "rate_pct"])
    assert shown.at[(SETTLED, "2023-03-31"), "numerator"] == 1
    assert shown.at[(OFTEN, "2022-03-31"), "denominator"] == 1


@pytest.mark.parametrize(
    ("day", "known"),
    # The returns reach back to 1 April 2020, two years and six months before 1 October 2022.
    [("2022-09-30", False), ("2022-10-01", True)],
)
def test_the_returns_reach_back_two_years_and_six_months_to_the_day(day: str, known: bool) -> None:
    rows = moves(*child("a", ("2018-01-01", "fostering")))
    shown = stability(rows, [day], first_return=2021).set_index("measure")
    counts = shown.loc[SETTLED, ["numerator", "answered_no", "denominator", "rate_pct"]]
    assert counts.notna().tolist() == [known] * 4
    assert shown.loc[OFTEN, ["numerator", "denominator"]].tolist() == [0, 1]


def test_coming_back_to_a_placement_in_another_period_of_care_is_a_new_stay() -> None:
    """The child left care, came back to a temporary placement, and then to the same home."""
    earlier = child("a", ("2023-01-01", "fostering", HOME), until="2024-06-01", care_period_id=1)
    later = child("a", ("2024-09-01", "temporary"), ("2024-09-09", "fostering", HOME))
    assert number(*earlier, *later) == 2
    assert carer_stays(moves(*earlier, *later)).tolist() == [1, pd.NA, 2]


def test_a_stay_is_not_shared_by_two_children_of_one_home() -> None:
    rows = moves(
        *child("a", ("2023-01-01", "fostering", HOME), ("2024-06-01", "temporary")),
        *child("b", ("2024-01-01", "fostering", HOME), care_period_id=8),
    )
    assert carer_stays(rows).tolist() == [1, pd.NA, 2]
    assert placements_in_year(rows, DAY).to_dict() == {"a": 1, "b": 1}


def test_a_stay_is_told_in_the_index_of_the_frame_whatever_its_order() -> None:
    rows = moves(*child("a", ("2023-01-01", "fostering"), ("2024-01-01", "secure")))
    turned = rows.iloc[::-1].set_axis([8, 3])
    assert carer_stays(turned).to_dict() == {8: 2, 3: 1}


@pytest.mark.parametrize("storage", STORAGES)
def test_nobody_gives_a_whole_table_of_noughts(storage: str) -> None:
    rows = moves(*child("a", ("2024-05-01", "fostering")), storage=storage).head(0)
    shown = stability(rows, [DAY])
    assert shown["measure"].tolist() == list(MEASURES)
    assert shown["denominator"].tolist() == [0, 0] and shown["rate_pct"].isna().all()


def test_no_days_no_rows_but_their_columns() -> None:
    rows = moves(*child("a", ("2024-05-01", "fostering")))
    assert stability(rows, []).empty
    assert stability(rows, []).columns.tolist() == stability(rows, [DAY]).columns.tolist()


GROUPS = ("fostering", "childrens_home", "temporary", "adoption")
_spells = st.lists(
    st.tuples(st.integers(1, 500), st.sampled_from(GROUPS), st.integers(1, 3), st.booleans()),
    min_size=1, max_size=6,
)


def invented(children: list) -> pd.DataFrame:
    """Unbroken care of a few children of two authorities, with few places to come back to."""
    rows, stay = [], 0
    for at, spells in enumerate(children):
        start = pd.Timestamp("2021-01-01")
        for days, group, place, stays in spells:
            stay += 0 if stays and start > pd.Timestamp("2021-01-01") else 1
            end = start + pd.Timedelta(days=days)
            rows.append({
                "child_id": f"c{at}", "care_period_id": at, "decom": start, "dec": end,
                "placement_group": group, "placement_id": stay,
                "placement_postcode": f"ZZ{place} 1AA", "dob": "2015-05-01",
            })
            start = end
        rows[-1]["dec"] = None
    frame = moves(*rows)
    return frame.assign(authority=["north" if c in "c0 c1" else "south"
                                   for c in frame["child_id"]])


@given(st.lists(_spells, min_size=1, max_size=5))
@sparingly
def test_a_child_has_no_more_stays_than_placements_and_is_in_the_bases(children) -> None:
    episodes = invented(children)
    counted = placements_in_year(episodes, DAY)
    usual = episodes[episodes["placement_group"] != "temporary"]
    assert (counted <= usual.groupby("child_id")["placement_id"].nunique().reindex(
        counted.index, fill_value=0)).all()
    shown = stability(episodes, [DAY]).set_index("measure")
    assert shown.at[OFTEN, "denominator"] == len(counted) == episodes["child_id"].nunique()
    assert shown.at[OFTEN, "numerator"] == (counted >= 3).sum()
    assert (shown["numerator"] + shown["answered_no"] == shown["denominator"]).all()
    assert carer_stays(episodes).isna().sum() == len(episodes) - len(usual)


@given(st.lists(_spells, min_size=1, max_size=5))
@sparingly
def test_all_authorities_at_once_are_each_one_after_another(children) -> None:
    episodes = invented(children)
    # Another authority's child may have the same name, and its care the same number.
    same = {"child_id": {"c2": "c0", "c3": "c1"}, "care_period_id": {2: 0, 3: 1}}
    episodes = episodes.replace(same)
    dates = ["2024-03-31", DAY]
    whole = stability(episodes, dates, by=["authority"], first_return=2022)
    parts = [stability(part, dates, first_return=2022).assign(authority=name)
             for name, part in episodes.groupby("authority")]
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True)[list(whole)])
    together = placements_in_year(episodes, DAY, by=["authority"])
    for name, part in episodes.groupby("authority"):
        assert together.xs(name).to_dict() == placements_in_year(part, DAY).to_dict()


# --- DfE's own numbers -----------------------------------------------------------------------

IN_YEAR = ("CLA on 31 March", "With 3 or more placements during the year")
LONG_TERM = (
    "Children looked after continuously for at least 2.5 years on 31 March aged under 16 years",
    "Living with the same carer for at least 2 years",
)
#: Counties in two tiers, a London borough, one of the recoded two, 2023 unitaries, two tiny ones.
AUTHORITIES = (
    "E10000016", "E10000030", "E09000007", "E08000016", "E06000064", "E06000065", "E06000017",
    "E09000001",
)


@pytest.fixture(scope="module")
def published(shared_dir) -> pd.DataFrame:
    table = pd.read_csv(shared_dir / "reference" / "la_cla_placement_stability.csv", dtype=str)
    table = table[table["geographic_level"] == "Local authority"]
    for column in ("children_count", "children_percent"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    keys = ["time_period", "new_la_code", "cla_group"]
    rows = table[table["placement_stability"] != "Total children"]
    total = table[table["placement_stability"] == "Total children"]
    return rows.merge(total[[*keys, "children_count"]].drop_duplicates(keys), on=keys,
                      suffixes=("", "_of"))


def test_every_published_percentage_is_its_counts_rounded_half_up(published) -> None:
    known = published.dropna(subset=["children_count", "children_percent", "children_count_of"])
    worked = percentage(known["children_count"], known["children_count_of"], 0)
    assert len(known) > 1_500
    assert worked.tolist() == known["children_percent"].tolist()


def returns_of(often: int, children: int, same: int, long: int, year: int) -> pd.DataFrame:
    """A history whose snapshot has the published counts of one authority and year."""
    day = pd.Timestamp(year, 3, 31)
    years_ago = {n: day - pd.DateOffset(years=n) for n in (1, 2, 3)}
    plain = ("fostering", {"dob": str(day - pd.DateOffset(years=9))})
    rows = []
    for at in range(children):
        if at < same:
            spells = [years_ago[3]]
        elif at < long:
            spells = [years_ago[3], years_ago[2] + pd.Timedelta(days=30)]
        else:
            spells = [years_ago[1] + pd.Timedelta(days=60)]
        if at >= children - often:
            # Whoever is settled has moved often only if nobody else is left to have.
            spells += [day - pd.Timedelta(days=days) for days in (40, 20)]
        rows += child(f"c{at}", *((start, *plain) for start in spells), care_period_id=at)
    return moves(*rows)


def shown_in(rows: pd.DataFrame, measure: tuple[str, str]) -> tuple[int, int, int] | None:
    """Count, base and percentage that DfE prints; None where it prints a mark."""
    printed = rows[(rows["cla_group"] == measure[0]) & (rows["placement_stability"] == measure[1])]
    cells = printed[["children_count", "children_count_of", "children_percent"]]
    return None if cells.isna().any(axis=None) else tuple(cells.iloc[0].astype(int))


@pytest.mark.parametrize("code", AUTHORITIES)
def test_counts_come_out_as_published(published, code: str) -> None:
    checked = 0
    for year, rows in published[published["new_la_code"] == code].groupby("time_period"):
        in_year, long_term = shown_in(rows, IN_YEAR), shown_in(rows, LONG_TERM)
        often, children = (in_year or (0, long_term[1] if long_term else 0))[:2]
        same, long = (long_term or (0, 0))[:2]
        table = stability(returns_of(often, children, same, long, int(year)), [f"{year}-03-31"])
        rates = percentage(table["numerator"], table["denominator"], 0)
        for at, printed in enumerate((in_year, long_term)):
            if printed:
                counted = table.loc[at, ["numerator", "denominator"]].tolist()
                assert [*counted, rates[at]] == list(printed)
                checked += 1
    assert checked
