"""One section made again after a change: decided beside the others as they were published."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from histories import quickly
from hypothesis import example, given
from hypothesis import strategies as st
from test_other_pages import NOW, SETTINGS, counts, own, table
from test_plan import cells, looked_after, part, uasc

from sufficiency_lib import dataset
from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.publish import collecting, edition_kept
from sufficiency_lib.publish import edition as edition_module
from sufficiency_lib.publish.attack import too_narrow
from sufficiency_lib.publish.collecting import Collector, Evidence
from sufficiency_lib.publish.edition import (
    edition_key,
    edition_plan,
    edition_tables,
    edition_with,
    use_edition,
)
from sufficiency_lib.publish.edition_kept import MadeOf, Section, Shown, made_of, place_of, shown_by
from sufficiency_lib.publish.linked import Edition, Part, all_counted
from sufficiency_lib.publish.members_pages import OF_PAGE
from sufficiency_lib.publish.other_pages import OtherPages, plan_beside
from sufficiency_lib.publish.plan import Plan, plan
from sufficiency_lib.settings import run_parameters

DAY = "2025-03-31"
#: The cell that counts all children looked after, by its row and column.
THE_TOTAL = {(f"{DAY}|20000|2024", "children")}


@pytest.fixture
def study(sample_dir: Path) -> dataset.Dataset:
    return dataset.load(run_parameters(authority="herefordshire", data=sample_dir))


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Sequence[Part]]:
    """What each notebook publishes, by its number; a test changes it as an analyst would."""
    told: dict[str, Sequence[Part]] = {}
    folder = tmp_path / "notebooks"
    folder.mkdir()

    def read(asked: dataset.Dataset, path: Path, evidence: Evidence = dict, *_: int) -> Collector:
        if f"{asked.as_at}" != DAY:
            raise InputError("there was no page before")
        page = Collector(asked, evidence)
        for one in told[path.name[:2]]:
            if one.kind == "headline":
                page.evidence()
            page.parts.append(one)
        return page

    def notebooks() -> list[Path]:
        """Their files, which a change of what they publish changes."""
        for number, parts in told.items():
            shown = "".join(one.spec.id + one.frame.to_csv() for one in parts)
            (folder / f"{number}_section.ipynb").write_text(shown, encoding="utf-8")
        return sorted(folder.glob("*.ipynb"))

    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(collecting, "read", read)
    monkeypatch.setattr(edition_module, "_notebooks", notebooks)
    monkeypatch.delenv(edition_module.EDITION, raising=False)
    return told


def notebook(number: str) -> Path:
    return Path(f"{number}_section.ipynb")


def hidden_after(study: dataset.Dataset, number: str, last: str) -> Plan:
    """What a run of one section alone hides, as its kernel is told."""
    key = edition_with(study, notebook(number), last)
    shown = shown_by(place_of(study.profile.slug, key))
    assert shown is not None
    return shown.plan


def test_a_total_that_would_tell_what_another_section_hid_is_hidden(
    study: dataset.Dataset, published: dict[str, Sequence[Part]]
) -> None:
    """02 showed 97 and hid 3; the 100 that a new 04 counts would tell the 3."""
    published.update({"02": [uasc()], "04": []})
    assert cells(edition_plan(study), "children_by_uasc") == {(f"{DAY}|uasc", "children")}
    last = edition_key(study)
    published["04"] = [looked_after()]
    made = hidden_after(study, "04", last)
    assert cells(made, "children_looked_after") == THE_TOTAL
    assert cells(made, "children_by_uasc") == {(f"{DAY}|uasc", "children")}
    assert made.decides(looked_after().spec, looked_after().frame)
    # All sections made again, the page may show the total and hide the 97 instead.
    assert cells(edition_plan(study), "children_looked_after") == set()


def test_what_another_section_hides_is_not_printed(
    study: dataset.Dataset, published: dict[str, Sequence[Part]]
) -> None:
    published.update({"02": [uasc(), looked_after()], "04": []})
    both = {(f"{DAY}|uasc", "children"), (f"{DAY}|not_uasc", "children")}
    assert cells(edition_plan(study), "children_by_uasc") == both
    last = edition_key(study)
    published["04"] = [part("children_by_uasc", uasc().frame, as_id="again")]
    made = hidden_after(study, "04", last)
    assert cells(made, "again") == both == cells(made, "children_by_uasc")


def test_a_section_that_counts_nothing_new_hides_what_it_hid(
    study: dataset.Dataset, published: dict[str, Sequence[Part]]
) -> None:
    published.update({"02": [uasc()], "04": [looked_after()]})
    before, last = edition_plan(study), edition_key(study)
    published["04"] = [looked_after(), own(NOW, d2025={"all": 40, "a": 10, "b": 10, "c": 20})]
    assert hidden_after(study, "04", last).hidden == before.hidden


def test_a_section_after_a_section_stands_on_both(
    study: dataset.Dataset, published: dict[str, Sequence[Part]]
) -> None:
    """Each run of one section begins with the page as the one before left it."""
    published.update({"02": [uasc()], "03": [], "04": []})
    edition_plan(study)
    last = edition_key(study)
    published["04"] = [looked_after()]
    second = edition_with(study, notebook("04"), last)
    published["03"] = [part("children_looked_after", looked_after().frame, as_id="again")]
    made = hidden_after(study, "03", second)
    for name in ("children_looked_after", "again"):
        assert cells(made, name) == THE_TOTAL, name


def test_a_table_that_a_section_has_no_longer_is_forgotten(
    study: dataset.Dataset, published: dict[str, Sequence[Part]]
) -> None:
    published.update({"02": [uasc()], "04": [looked_after()]})
    edition_plan(study)
    last = edition_key(study)
    published["02"] = []
    key = edition_with(study, notebook("02"), last)
    shown = shown_by(place_of("herefordshire", key))
    assert shown.plan.hidden == {} and set(shown.tables) == {"children_looked_after"}
    assert {name: [one.table for one in section.counts]
            for name, section in made_of(place_of("herefordshire", key)).sections.items()} == {
        "02_section.ipynb": [], "04_section.ipynb": ["children_looked_after"]}


def test_the_section_that_sums_up_is_given_the_others_as_they_stand(
    study: dataset.Dataset, published: dict[str, Sequence[Part]], monkeypatch: pytest.MonkeyPatch
) -> None:
    headline = part("headline", pd.DataFrame({"metric": ["a"], "value": [7.5]}))
    published.update({"02": [uasc()], "04": [looked_after()], "09": [headline]})
    edition_plan(study)
    last = edition_key(study)
    # Changed since, and not made again: 09 is not to sum up what nobody was shown.
    published["04"] = [looked_after(999)]
    given: list[Mapping[str, pd.DataFrame]] = []
    evidence = Collector.evidence
    monkeypatch.setattr(Collector, "evidence", lambda page: given.append(evidence(page)))
    key = edition_with(study, notebook("09"), last)
    assert given[0]["children_looked_after"]["children"].tolist() == [100]
    assert given[0]["children_by_uasc"]["children"].tolist() == [3, 97]
    use_edition(study, key)
    shown = edition_tables(study)
    assert shown["children_looked_after"]["children"].tolist() == [100]
    assert shown["children_by_uasc"]["children"].tolist() == ["c", "c"]


def test_the_notebooks_of_a_run_are_told_which_edition_they_belong_to(
    study: dataset.Dataset, published: dict[str, Sequence[Part]], monkeypatch: pytest.MonkeyPatch
) -> None:
    published.update({"02": [uasc()], "04": []})
    edition_plan(study)
    last = edition_key(study)
    published["04"] = [looked_after()]
    alone = edition_plan(study)
    key = edition_with(study, notebook("04"), last)
    monkeypatch.setenv(edition_module.EDITION, "")  # Put back at the end.
    use_edition(study, key)
    assert edition_plan(study) == hidden_after(study, "04", last) != alone
    # Another authority's page, or the same at another rule, is its own.
    other = study.parameters.model_copy(update={"locality_rule": "in_area"})
    assert edition_plan(replace(study, parameters=other)) == alone
    assert edition_module.EDITION in os.environ


def test_without_what_the_last_run_kept_one_section_is_refused(
    study: dataset.Dataset, published: dict[str, Sequence[Part]]
) -> None:
    published.update({"02": [uasc()], "04": [looked_after()]})
    with pytest.raises(ConfigurationError, match="run it once without --only"):
        edition_with(study, notebook("04"), "0" * 24)
    assert edition_with(study, notebook("04"), edition_key(study)) == edition_key(study)


def test_the_oldest_editions_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    names = [f"{number:03d}" for number in range(edition_kept._MOST_KEPT + 2)]
    for number, name in enumerate(names):
        place = place_of("bath", name)
        edition_kept.keep(place, Shown(Plan(), {}), MadeOf())
        os.utime(place, (number, number))
    assert {path.name for path in (tmp_path / "editions" / "bath").iterdir()} == {
        f"{name}{ending}" for name in names[2:] for ending in (".json", ".counts.gz")
    }


def test_what_is_kept_is_what_was_decided_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts with a meaning and without, with a base and without, and rests that nobody prints."""
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    counts = all_counted([uasc(), looked_after(), own(NOW, d2025={"all": 30, "a": 4, "b": 26})])
    tables = {"uasc": pd.DataFrame({"day": ["2025-03-31", None], "share_pct": [3.5, 97.0]})}
    plans = plan([uasc()], SETTINGS)
    made = MadeOf({"02.ipynb": Section(True, counts, tables)},
                  OtherPages({f"last{OF_PAGE}": (counts[:1], plans)}, (f"a{OF_PAGE}",)))
    place = place_of("bath", "key")
    edition_kept.keep(place, Shown(plans, tables), made)
    back = made_of(place)
    assert str(back.sections["02.ipynb"].counts) == str(counts)
    assert back.sections["02.ipynb"].sums_up
    pd.testing.assert_frame_equal(back.sections["02.ipynb"].unhidden["uasc"], tables["uasc"])
    assert str(back.others.pages) == str({f"last{OF_PAGE}": (counts[:1], plans)})
    assert back.others.members == (f"a{OF_PAGE}",)
    assert shown_by(place).plan == plans


@quickly
@given(counts, counts, st.sets(st.sampled_from(["all", "a", "b", "c1", "c2"])))
@example([5, 10, 2, 10], [0, 0, 0, 0], {"c1", "c2"})
def test_nothing_small_is_told_by_a_section_of_any_counts(
    stays: list[int], again: list[int], left_out: set[str]
) -> None:
    """The same table in two sections, each with rows that the other leaves out."""
    whole = table(*stays)
    shown = own(NOW, d2025={k: n for k, n in whole.items() if k not in left_out})
    new = own(NOW, d2025=whole, d2024=table(*again))
    fixed = plan([shown], SETTINGS)
    others = OtherPages().and_also(f"the others{OF_PAGE}", (all_counted([shown]), fixed))
    made = plan_beside(all_counted([new]), others, SETTINGS, start=Plan())

    def told(hidden_of_new: Plan) -> set[str]:
        edition = Edition(SETTINGS)
        for one in all_counted([new]):
            edition.add(one)
        for one in all_counted([shown]):
            edition.add(one, f"the others{OF_PAGE}")
        edition.link()
        unseen = {
            number for number, at in edition.cells.items()
            if all((row, column) in (
                fixed if OF_PAGE in name else hidden_of_new
            ).hidden.get(name.rpartition(OF_PAGE)[2], ()) for name, row, column in at)
        }
        narrow = too_narrow(edition.values, edition.sums, unseen, edition.small, width=5)
        known = narrow | {one for one in edition.small - unseen if edition.cells[one]}
        return {edition.cells[one][0][1] for one in known if edition.cells[one]}

    everything = Plan({"own": frozenset(
        ((row["as_at"], row["place"]), "children") for row in new.frame.to_dict("records")
    )})
    # What the section that stays tells by itself, and what is hidden whole, cannot be helped.
    assert told(made) <= told(everything)
